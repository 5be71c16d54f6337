/**
 * The Mesos v1 scheduler HTTP API: a subscription that is kept up, events in, calls out; and of the
 * operator HTTP API what tends to agents ({@link peloton.mesos.driver.MesosOperatorApi}).
 *
 * <p>Owns the protocol and nothing else: it knows no jobs, no pods and no store. {@link
 * peloton.mesos.driver.MesosDriver} is the way in; the loops see only {@link
 * peloton.mesos.driver.MesosCalls} and {@link peloton.mesos.driver.MesosEvents}, and the operator
 * wires both.
 *
 * <p>What holds:
 *
 * <ul>
 *   <li>Two connections to the leading master: one for the stream of events, read on the thread
 *       "mesos-events", one for all calls, owned by the thread "mesos-calls". There are never two
 *       for calls, because Mesos keeps their order only within a connection.
 *   <li>Calls are pipelined and never sent twice. Any doubt about one of them - a broken
 *       connection, an answer that is not 2xx, a queue that runs over - ends the whole
 *       subscription. The reconciliation that must follow SUBSCRIBED finds out what took effect.
 *   <li>Events are not queued: the next one is read when the listener has returned, and a listener
 *       that hands over to a queue of its own must bound it.
 *   <li>A subscription that no byte arrives on for five heartbeat intervals is given up.
 *   <li>Pauses between attempts double, with jitter, and become short again only after a
 *       subscription that lived as long as the longest pause, so that a call which the master turns
 *       down again and again cannot make a hot loop.
 *   <li>The framework and its credential go only to configured masters and to masters that a
 *       configured one redirects to; with TLS, only over TLS, and to a certificate for that host
 *       ({@link peloton.mesos.driver.MasterTls}).
 *   <li>"Framework failed over" and "Framework has been removed" end the driver: fighting for a
 *       framework id, or taking a new one on the quiet, would lose tasks.
 * </ul>
 */
package peloton.mesos.driver;
