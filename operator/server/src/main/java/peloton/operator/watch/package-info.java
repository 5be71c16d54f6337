/**
 * Watches: what clients hear of changes, live from the view and, from a revision that etcd still
 * keeps, out of etcd's history. A message's revision is etcd's; a watcher that saw everything up to
 * revision N goes on from N + 1 and misses nothing, at whichever replica. Changes of one pod come
 * in order and none is left out; a job's summary is sent once for all that changed it at one time.
 *
 * <p>The view's thread translates a change once, whoever watches; the hub's thread hands the bytes
 * to each watcher and never waits for one: who falls behind by more than the limit is cut off.
 */
package peloton.operator.watch;
