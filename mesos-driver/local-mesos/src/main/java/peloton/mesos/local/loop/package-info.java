/**
 * The one thread that owns a local Mesos: its queue of things to do and its timers. Everything in
 * {@code master} and {@code agent} runs on it and nowhere else, so none of that state is locked.
 */
package peloton.mesos.local.loop;
