/**
 * Who may call what, and the record of who changed what. The policy is a file; without one,
 * everybody may do everything. Used by the gRPC server's assembly only; handlers never ask who
 * calls.
 */
package peloton.operator.access;
