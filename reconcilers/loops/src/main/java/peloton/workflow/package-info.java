/**
 * Workflows: creations and updates that roll over a job in batches. Pure decisions over counts; the
 * pods' own records carry how far a workflow got with each, so that nothing is counted twice after
 * a restart.
 */
package peloton.workflow;
