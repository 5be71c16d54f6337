/**
 * {@code peloton demo}: the whole path of a job in a minute, told as it happens: from its spec to
 * running processes, over to a new version while the control plane is killed, and to its end. What
 * it claims it has checked.
 */
package peloton.command.demo;
