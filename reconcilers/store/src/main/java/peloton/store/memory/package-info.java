/**
 * The store in memory, with etcd's semantics: revisions, guards, watches with history, compaction,
 * leases. {@link peloton.store.memory.MemoryData} is the server, {@link
 * peloton.store.memory.MemoryStore} a client of it; two clients of one data set behave as two
 * processes on one etcd would. For tests, scenarios and simulation: time comes from a clock that is
 * handed in, callbacks run on an executor that is handed in, and faults are switched by hand, so
 * that a run repeats to the letter.
 */
package peloton.store.memory;
