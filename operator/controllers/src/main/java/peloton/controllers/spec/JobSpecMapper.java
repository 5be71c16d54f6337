package peloton.controllers.spec;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.crds.job.CreatePolicy;
import peloton.crds.job.InstanceOverride;
import peloton.crds.job.RestartRequest;
import peloton.crds.job.Sla;
import peloton.crds.job.StatelessJobSpec;
import peloton.crds.job.UpdatePolicy;

/** What a StatelessJob asks for, in the messages of the job API. */
public final class JobSpecMapper {
  /** Pods of a new job whose resource does not say how many, as of a Deployment. */
  private static final int REPLICAS = 1;

  private JobSpecMapper() {}

  /**
   * The job's specification.
   *
   * @param name the resource's, for a job that has none of its own
   * @param pool the id of the resource pool at the path that the resource names
   * @param current how many instances the job has; empty for a new one
   */
  public static Mapped<JobSpec> job(
      String name, StatelessJobSpec given, String pool, OptionalInt current) {
    Problems problems = new Problems();
    PodMapper pods = new PodMapper(problems);
    JobSpec.Builder job =
        JobSpec.newBuilder()
            .setName(given.name() == null ? name : given.name())
            .setOwner(Given.text(given.owner()))
            .setOwningTeam(Given.text(given.owningTeam()))
            .addAllLdapGroups(given.ldapGroups())
            .setDescription(Given.text(given.description()))
            .addAllLabels(Given.labels(given.labels()))
            .setInstanceCount(
                given.replicas() == null ? current.orElse(REPLICAS) : given.replicas());
    job.getRespoolIdBuilder().setValue(pool);
    if (given.sla() != null) {
      job.setSla(sla(given.sla()));
    }
    if (given.template() == null) {
      problems.add("spec.template", "none", "a job needs a template of its pods");
      return problems.with(job.build());
    }
    PodSpec template = pods.template("spec.template", given.template());
    job.setDefaultSpec(template);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < given.instances().size(); i++) {
      InstanceOverride own = given.instances().get(i);
      String path = "spec.instances[" + i + "]";
      if (own.instance() == null || own.template() == null) {
        problems.add(path, "no instance or no template", "both are required");
      } else if (!seen.add(own.instance())) {
        problems.add(path + ".instance", own.instance() + " again", "may be listed once");
      } else {
        job.putInstanceSpec(
            own.instance(), pods.override(path + ".template", own.template(), template));
      }
    }
    return problems.with(job.build());
  }

  /** How a new job is started. */
  public static CreateSpec create(StatelessJobSpec given) {
    CreatePolicy policy = given.createPolicy();
    if (policy == null) {
      return CreateSpec.newBuilder().setStartPaused(Given.flag(given.paused())).build();
    }
    return CreateSpec.newBuilder()
        .setBatchSize(Given.number(policy.batchSize()))
        .setMaxInstanceRetries(Given.number(policy.maxInstanceRetries()))
        .setMaxTolerableInstanceFailures(Given.number(policy.maxTolerableInstanceFailures()))
        .setStartPaused(startPaused(given, policy.startPaused()))
        .build();
  }

  /** How a job is changed. A paused resource changes paused, so that no instance slips through. */
  public static UpdateSpec update(StatelessJobSpec given) {
    UpdatePolicy policy = given.updatePolicy();
    if (policy == null) {
      return UpdateSpec.newBuilder().setStartPaused(Given.flag(given.paused())).build();
    }
    return UpdateSpec.newBuilder()
        .setBatchSize(Given.number(policy.batchSize()))
        .setRollbackOnFailure(Given.flag(policy.rollbackOnFailure()))
        .setMaxInstanceRetries(Given.number(policy.maxInstanceRetries()))
        .setMaxTolerableInstanceFailures(Given.number(policy.maxTolerableInstanceFailures()))
        .setStartPaused(startPaused(given, policy.startPaused()))
        .setInPlace(Given.flag(policy.inPlace()))
        .setStartPods(Given.flag(policy.startPods()))
        .build();
  }

  /** The restart that a request asks for. */
  public static RestartSpec restart(RestartRequest given) {
    List<InstanceIDRange> ranges =
        given.ranges().stream()
            .map(
                range ->
                    InstanceIDRange.newBuilder()
                        .setFrom(Given.number(range.from()))
                        .setTo(Given.number(range.to()))
                        .build())
            .toList();
    return RestartSpec.newBuilder()
        .setBatchSize(Given.number(given.batchSize()))
        .addAllRanges(ranges)
        .setInPlace(Given.flag(given.inPlace()))
        .build();
  }

  /** What the resource says counts; only where it says nothing does the policy. */
  private static boolean startPaused(StatelessJobSpec given, Boolean policy) {
    return given.paused() == null ? Given.flag(policy) : given.paused();
  }

  private static SlaSpec sla(Sla given) {
    return SlaSpec.newBuilder()
        .setPriority(Given.number(given.priority()))
        .setPreemptible(Given.flag(given.preemptible()))
        .setRevocable(Given.flag(given.revocable()))
        .setMaximumUnavailableInstances(Given.number(given.maximumUnavailableInstances()))
        .build();
  }
}
