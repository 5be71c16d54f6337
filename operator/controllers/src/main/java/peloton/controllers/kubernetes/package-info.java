/**
 * The controllers on a Kubernetes cluster: informers and queues of the Java Operator SDK around the
 * passes of {@link peloton.controllers.reconcile}. {@link
 * peloton.controllers.kubernetes.KubernetesControllers} lives for one term of the leader; the
 * process starts and ends it.
 */
package peloton.controllers.kubernetes;
