/**
 * Where a pod's files are: the Mesos agent that ran it, and the sandbox below the agent's work
 * directory. Asks agents over HTTP, for the pod service.
 */
package peloton.operator.sandbox;
