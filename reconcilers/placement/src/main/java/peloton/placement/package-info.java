/**
 * From offers to tasks: what an agent has to offer, which pod goes where, and how a pod is said to
 * Mesos. {@link peloton.placement.Placer} decides and is pure; {@code peloton.loop} acts.
 *
 * <p>Scalars are counted in thousandths, as Mesos does (three decimals, fixed point).
 */
package peloton.placement;
