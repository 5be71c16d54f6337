/**
 * Who leads: an election over one key under a lease. The process's wiring runs it; what a {@link
 * peloton.store.election.Term} allows is enforced by {@link peloton.store.commit}.
 */
package peloton.store.election;
