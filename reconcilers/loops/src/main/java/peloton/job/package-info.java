/** The state of a job as a whole, from the states of its pods. Pure. */
package peloton.job;
