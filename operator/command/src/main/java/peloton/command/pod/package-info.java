/** {@code peloton pod}: showing pods, their history, and what they print. */
package peloton.command.pod;
