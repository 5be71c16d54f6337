/**
 * How much of the cluster each resource pool may use: hierarchical max-min fairness over
 * reservations, limits and shares. Pure arithmetic on arrays; {@link
 * peloton.entitlement.EntitlementTree} is for {@code peloton.admission} and for benchmarks.
 *
 * <p>Amounts are whole thousandths (of a CPU, a megabyte, a GPU), as Mesos counts.
 */
package peloton.entitlement;
