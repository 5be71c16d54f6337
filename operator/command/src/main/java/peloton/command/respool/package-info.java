/** {@code peloton respool}: the tree of resource pools. */
package peloton.command.respool;
