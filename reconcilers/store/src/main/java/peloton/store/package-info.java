/**
 * The port to etcd ({@link peloton.store.KeyValueStore}) and the clock that goes with it ({@link
 * peloton.store.Timers}). Everything that reads or writes the store does so through these; only the
 * implementations know etcd.
 */
package peloton.store;
