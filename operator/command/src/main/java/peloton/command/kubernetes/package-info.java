/**
 * A Kubernetes API server on this machine, without nodes and without Kubernetes' own controllers,
 * and kubectl for it: what tests and the bench apply custom resources to. The programs are built by
 * the launcher.
 */
package peloton.command.kubernetes;
