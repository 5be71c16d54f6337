/**
 * Secrets of jobs: sealed before they are stored, opened only to launch a pod. Called by the job
 * writer, which seals, and by the loops, which open. Nothing in here logs or shows a content.
 */
package peloton.desired.secret;
