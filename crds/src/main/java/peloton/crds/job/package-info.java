/**
 * Stateless jobs as custom resources. Field names are those of the API in camelCase where the API
 * is clear, and those of Kubernetes where it has a word for the same thing.
 */
package peloton.crds.job;
