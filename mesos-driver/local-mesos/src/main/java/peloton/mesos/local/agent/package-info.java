/**
 * One Mesos agent: the tasks that it runs and the streams of status updates that it keeps until the
 * scheduler acknowledges them. An agent knows its master only as a {@link
 * peloton.mesos.local.agent.StatusSink}; what runs its tasks is a {@link
 * peloton.mesos.local.agent.TaskRunner}. Everything here runs on the event loop.
 */
package peloton.mesos.local.agent;
