/**
 * What the port {@link peloton.store.KeyValueStore} promises, as a suite that every store runs, and
 * the tools that it takes to say so.
 */
package peloton.store.contract;
