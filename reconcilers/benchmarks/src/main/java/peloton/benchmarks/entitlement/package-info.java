/**
 * How fast entitlements are worked out, next to a sort of as many numbers and Hadoop's fair shares.
 */
package peloton.benchmarks.entitlement;
