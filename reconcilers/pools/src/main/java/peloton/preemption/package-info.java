/**
 * Which pods go when a resource pool has more than it may keep. {@link peloton.preemption.Victims}
 * is pure; {@code peloton.admission} says how much must come free and why.
 */
package peloton.preemption;
