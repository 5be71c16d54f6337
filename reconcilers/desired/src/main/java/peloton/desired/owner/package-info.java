/**
 * Who may write desired state that belongs to a resource of a cluster manager. Writers ask {@link
 * peloton.desired.owner.Ownership} before each change of a job or a pool; who asks for the change
 * is a {@link peloton.desired.owner.Requester}.
 */
package peloton.desired.owner;
