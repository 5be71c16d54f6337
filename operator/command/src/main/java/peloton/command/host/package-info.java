/** {@code peloton host}: hosts, their maintenance and their pools. */
package peloton.command.host;
