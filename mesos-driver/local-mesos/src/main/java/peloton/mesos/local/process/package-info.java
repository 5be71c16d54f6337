/**
 * Tasks as real processes: a sandbox directory each, a process group each, and a record on disk so
 * that a later local Mesos on the same work directory can end what a killed one left behind.
 * Starting and signalling happens on worker threads, never on the event loop.
 */
package peloton.mesos.local.process;
