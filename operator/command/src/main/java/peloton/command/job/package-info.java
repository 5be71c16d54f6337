/** {@code peloton job}: creating, changing, showing and following stateless jobs. */
package peloton.command.job;
