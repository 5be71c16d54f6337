/**
 * Which schema the records of a cluster have, and what a version does that knows less: the
 * process's wiring writes the schema and stands for election by it, desired state is written by it.
 */
package peloton.store.schema;
