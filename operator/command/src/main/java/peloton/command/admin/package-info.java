/** {@code peloton admin}: emergency stops of parts of the server. */
package peloton.command.admin;
