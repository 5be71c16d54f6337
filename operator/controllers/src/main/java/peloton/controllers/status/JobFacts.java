package peloton.controllers.status;

import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;

/**
 * What is known of a StatelessJob and of the job that it stands for.
 *
 * @param generation of the resource that was looked at
 * @param deleting whether the resource is being deleted
 * @param hindrance what keeps the resource's specification from being written; empty if it is
 *     written
 * @param job as the API shows it; empty if there is none
 * @param readyPods pods that run and are healthy, or have no health check
 * @param updatedPods pods that count as being on the current specification
 * @param handledRestart the last restart token that led to a restart; empty if none did
 * @param handledAbort the last abort token that was handled; empty if none was
 */
public record JobFacts(
    long generation,
    boolean deleting,
    Optional<Verdict> hindrance,
    Optional<JobInfo> job,
    int readyPods,
    int updatedPods,
    Optional<String> handledRestart,
    Optional<String> handledAbort) {}
