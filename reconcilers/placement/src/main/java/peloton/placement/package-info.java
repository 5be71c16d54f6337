/**
 * From offers to tasks: what an agent has to offer, which pod goes where, why a pod goes nowhere,
 * and how a pod is said to Mesos. {@code peloton.loop} keeps an {@link
 * peloton.placement.AgentIndex} up to date and asks it in rounds ({@link peloton.placement.Pass});
 * nothing here reads a clock, draws lots, or talks to anyone.
 *
 * <p>Scalars are counted in thousandths, as Mesos does (three decimals, fixed point).
 */
package peloton.placement;
