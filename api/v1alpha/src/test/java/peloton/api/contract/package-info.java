/**
 * Holds the compiled API against the table of what v1alpha clients send and read, kept among the
 * test resources.
 */
package peloton.api.contract;
