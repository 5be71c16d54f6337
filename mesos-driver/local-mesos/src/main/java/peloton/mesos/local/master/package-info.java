/**
 * The Mesos master: frameworks and their subscriptions, offers, tasks, reconciliation. Pure of
 * sockets (a {@link peloton.mesos.local.master.Subscriber} is where events go) and of processes
 * (agents run those). Everything runs on the event loop but {@link
 * peloton.mesos.local.master.Sessions}, which connection threads read.
 */
package peloton.mesos.local.master;
