/** The commands {@code peloton volume ...}. The root command lists them. */
package peloton.command.volume;
