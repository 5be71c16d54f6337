/**
 * Desired state of resource pools: their tree, which pools are allowed, and the writes of the
 * resource pool API. {@link peloton.desired.pool.PoolTree} is pure and for anyone; {@link
 * peloton.desired.pool.PoolWriter} is for the front doors.
 */
package peloton.desired.pool;
