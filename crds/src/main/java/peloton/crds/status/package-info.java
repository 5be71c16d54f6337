/** What the statuses of all resources have in common, and the words for it. */
package peloton.crds.status;
