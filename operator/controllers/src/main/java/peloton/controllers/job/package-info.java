/**
 * What a StatelessJob's controller does next. {@link peloton.controllers.job.JobDecider} compares
 * what the resource asks for with the job's records and names one request of the job API, or none;
 * whoever carries it out asks again afterwards. Pure, and level-triggered: only the present counts,
 * so that a crash between two requests loses nothing.
 */
package peloton.controllers.job;
