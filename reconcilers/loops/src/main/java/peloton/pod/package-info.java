/**
 * The life of one pod: which state follows which, and what to do about the difference between what
 * an instance should be and what it is. Everything here is pure; {@code peloton.loop} acts.
 */
package peloton.pod;
