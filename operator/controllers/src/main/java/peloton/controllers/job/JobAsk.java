package peloton.controllers.job;

import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.controllers.spec.JobSpecMapper;
import peloton.crds.job.RestartRequest;
import peloton.crds.job.StatelessJobSpec;
import peloton.crds.status.DeletionPolicy;

/**
 * What a StatelessJob asks for, in the API's words.
 *
 * @param deleting whether the resource is being deleted
 * @param orphan whether the job is to stay when the resource goes
 * @param adopts whether the job is one that was there before the resource, and is taken over
 * @param suspend whether no pods are to run
 * @param paused whether the job's workflow is to stand still; empty to leave it as it is
 * @param restart the restart that was asked for and is not handled yet
 * @param abort whether an end of the workflow was asked for and is not handled yet
 */
public record JobAsk(
    boolean deleting,
    boolean orphan,
    boolean adopts,
    JobSpec spec,
    CreateSpec create,
    UpdateSpec update,
    boolean suspend,
    Optional<Boolean> paused,
    Optional<RestartSpec> restart,
    boolean abort) {

  /**
   * What a resource asks for.
   *
   * @param spec what {@link JobSpecMapper#job} made of it
   * @param handledRestart the restart token that the status shows as handled
   * @param handledAbort the abort token that the status shows as handled
   */
  public static JobAsk of(
      StatelessJobSpec given,
      JobSpec spec,
      boolean deleting,
      Optional<String> handledRestart,
      Optional<String> handledAbort) {
    return new JobAsk(
        deleting,
        DeletionPolicy.Orphan.name().equals(given.deletionPolicy()),
        given.adoptJobId() != null,
        spec,
        create(given),
        JobSpecMapper.update(given),
        Boolean.TRUE.equals(given.suspend()),
        paused(given),
        Optional.ofNullable(given.restart())
            .filter(restart -> isNew(restart, handledRestart))
            .map(JobSpecMapper::restart),
        given.abortToken() != null && !handledAbort.equals(Optional.of(given.abortToken())));
  }

  /** The same of a resource whose job was its own already: if it is gone, it is created again. */
  public JobAsk withoutAdoption() {
    return new JobAsk(
        deleting, orphan, false, spec, create, update, suspend, paused, restart, abort);
  }

  /** A job that is to stand still from the beginning does not run a pod before it is stopped. */
  private static CreateSpec create(StatelessJobSpec given) {
    CreateSpec create = JobSpecMapper.create(given);
    return Boolean.TRUE.equals(given.suspend())
        ? create.toBuilder().setStartPaused(true).build()
        : create;
  }

  /** Left out, a workflow goes on, unless a policy let it begin paused: then it stays as it is. */
  private static Optional<Boolean> paused(StatelessJobSpec given) {
    if (given.paused() != null) {
      return Optional.of(given.paused());
    }
    boolean policy =
        given.updatePolicy() != null && Boolean.TRUE.equals(given.updatePolicy().startPaused())
            || given.createPolicy() != null
                && Boolean.TRUE.equals(given.createPolicy().startPaused());
    return policy ? Optional.empty() : Optional.of(false);
  }

  private static boolean isNew(RestartRequest restart, Optional<String> handled) {
    return restart.token() != null && !handled.equals(Optional.of(restart.token()));
  }
}
