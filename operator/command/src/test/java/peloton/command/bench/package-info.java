/** Tests of the bench: what it reads and works out, and that a small run of it ends well. */
package peloton.command.bench;
