/**
 * How the leader writes: everything it does and sees goes through one {@link
 * peloton.store.commit.FencedWriter} per term. Only the leader's loops write through it; the API
 * writes desired state by compare-and-swap of its own.
 */
package peloton.store.commit;
