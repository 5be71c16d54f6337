/**
 * Desired state of single pods: what clients ask of them, and what follows from that. Called by the
 * API's services; the rules of {@link peloton.desired.pod.WantedPods} also by the loops and by
 * readers.
 */
package peloton.desired.pod;
