/**
 * The records of a cluster: where they lie in etcd ({@link peloton.store.view.RecordKey}), how they
 * stand in memory ({@link peloton.store.view.Records}), and what keeps them up to date ({@link
 * peloton.store.view.StoreView}). Anyone may read; only the view and the leader's loops apply
 * changes, each to records of its own.
 */
package peloton.store.view;
