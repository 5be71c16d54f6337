/**
 * Which waiting pods may use their resource pool's part of the cluster. {@link
 * peloton.admission.PoolBook} keeps the books of all pools (what is used, what waits) and applies
 * the rules; it does no I/O and is told the time. For the loop of resource pools.
 */
package peloton.admission;
