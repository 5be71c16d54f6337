/**
 * What pods are: the part of a job that says what runs. The neutral form of a container (image,
 * entrypoint, environment, mounts) comes first; the form of Mesos is possible.
 */
package peloton.crds.pod;
