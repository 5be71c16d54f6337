/** {@code peloton dev}: a local cluster in the foreground, to try things on. */
package peloton.command.dev;
