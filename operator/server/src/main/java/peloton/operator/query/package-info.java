/**
 * Queries over jobs and pods: filters, order and pages. Jobs are found through indexes that follow
 * the view ({@link peloton.operator.query.JobIndex}); pods by their job's counters and, where that
 * is not enough, one walk that builds messages for the page alone; orders of a large job's pods are
 * kept for the pages that follow ({@link peloton.operator.query.SortedInstances}). Called by the
 * gRPC services.
 */
package peloton.operator.query;
