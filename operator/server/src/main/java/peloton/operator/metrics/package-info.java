/**
 * What Prometheus may ask of a replica: names, units and help of every series, and where their
 * values come from. No series has a label whose values grow with the cluster. Fed by the process;
 * {@code docs/METRICS.md} lists the names.
 */
package peloton.operator.metrics;
