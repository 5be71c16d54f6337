/** {@code peloton watch}: following changes as they are recorded. */
package peloton.command.watch;
