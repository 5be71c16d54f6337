/** Runs the launcher script in checkouts made up for it, with Maven and Java played by scripts. */
package peloton.command.launcher;
