/**
 * The store on etcd. {@link peloton.store.etcd.EtcdStore} is the door; the rest is private to it.
 *
 * <p>It speaks etcd's API through the protocol classes and stubs of jetcd ({@code jetcd-grpc}), and
 * leaves jetcd's client out, because the port promises what that client cannot give: a watch that
 * resumes without losing changes and takes answers in fragments, a deadline that ends the call
 * itself, writes that are never sent twice, and a connection that is back seconds after etcd is
 * (gRPC's own back-off grows to two minutes, and the client hides the channel that could cut it
 * short). It also keeps Vert.x and a second Netty off the class path.
 *
 * <p>Invariants: a transaction is sent once; a watch asks for the revision after the last one that
 * it has delivered whole; no call and no watch inherits the gRPC context of the thread that starts
 * it, since the end of an incoming call must not cancel what was begun for it.
 *
 * <p>Works with etcd 3.4 and later. Every 3.4 before 3.4.38 and every 3.5 before 3.5.24 has a
 * defect in its watches (the changelogs of both), so whoever keeps a view compares it with a range
 * now and then.
 */
package peloton.store.etcd;
