/**
 * What people want of hosts: maintenance and pools. Called by the host API and by custom resources'
 * controllers; the leader's host loop reads what is written here.
 */
package peloton.desired.host;
