package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.desired.job.EffectivePods;
import peloton.desired.pod.WantedPods;
import peloton.records.PodRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;
import peloton.workflow.WorkflowDecider;

/** What must be so when a story has come to rest. */
final class PromisedEnd {
  /** Longer than anything that happens now and then. */
  private static final Duration QUIET = Duration.ofMinutes(4);

  private final World world;
  private final History history;
  private final int mostInstances;

  PromisedEnd(World world, History history, int mostInstances) {
    this.world = world;
    this.history = history;
    this.mostInstances = mostInstances;
  }

  void check(List<RandomClient> clients) {
    long revision = world.data.revision();
    world.idle(QUIET);
    assertThat(world.data.revision()).as("writes when all is quiet").isEqualTo(revision);
    Map<String, ByteString> stored = new TreeMap<>();
    world
        .data
        .range(world.keyspace().prefix())
        .entries()
        .forEach(entry -> stored.put(entry.key(), entry.value()));
    assertThat(history.values()).as("a watch from the beginning").isEqualTo(stored);
    clients.forEach(client -> check(client, stored));
  }

  private void check(RandomClient client, Map<String, ByteString> stored) {
    String id = client.job();
    JobEntry job = history.records().job(id);
    if (job == null || job.goal() == null) {
      assertThat(job).as("what is left of the deleted job").isNull();
      assertThat(stored.keySet())
          .as("past runs of the deleted job")
          .noneMatch(key -> key.startsWith(world.keyspace().below(RecordKey.pastRunsOf(id))));
      assertThat(world.mesos.living().keySet()).noneMatch(pod -> pod.startsWith(id));
      return;
    }
    assertThat(job.goal().getGoal()).isNotEqualTo(JobState.JOB_STATE_DELETED);
    checkClientsSee(job);
    checkWorkflows(job);
    for (int i = 0; i < mostInstances; i++) {
      checkInstance(client, job, i);
    }
  }

  private void checkClientsSee(JobEntry job) {
    JobEntry seen = world.seenByClients().job(job.id());
    assertThat(seen.goal()).isEqualTo(job.goal());
    assertThat(seen.status()).isEqualTo(job.status());
    assertThat(seen.workflowStatuses()).isEqualTo(job.workflowStatuses());
    for (int i = 0; i < job.pods().bound(); i++) {
      assertThat(seen.pods().get(i)).isEqualTo(job.pods().get(i));
    }
  }

  private static void checkWorkflows(JobEntry job) {
    for (WorkflowStatusRecord status : job.workflowStatuses().values()) {
      boolean inForce = status.getNumber() == job.goal().getWorkflow();
      assertThat(
              WorkflowDecider.isTerminal(status.getState())
                  || (inForce && status.getState() == WorkflowState.WORKFLOW_STATE_PAUSED))
          .as("workflow %s rests in %s", status.getNumber(), status.getState())
          .isTrue();
    }
    assertThat(job.workflowStatuses()).containsKey(job.goal().getWorkflow());
  }

  private void checkInstance(RandomClient client, JobEntry job, int instance) {
    List<String> living = world.mesos.living().getOrDefault(job.id() + "-" + instance, List.of());
    WorkflowState last = job.workflowStatuses().get(job.goal().getWorkflow()).getState();
    boolean done =
        last == WorkflowState.WORKFLOW_STATE_SUCCEEDED
            || last == WorkflowState.WORKFLOW_STATE_ROLLED_BACK;
    PodRecord pod = job.pods().get(instance);
    int count = job.currentSpec().getInstanceCount();
    String what = job.id() + " instance " + instance + " of " + count + ", workflow " + last;
    // A restart removes nothing either, where an aborted update did not come to it.
    if (done && !restarts(job) && instance >= count) {
      assertThat(pod).as(what).isNull();
      assertThat(living).as(what).isEmpty();
      return;
    }
    long version = pod == null ? job.goal().getConfigurationVersion() : pod.getVersion();
    JobSpec spec = job.spec(version);
    boolean runs = instance < spec.getInstanceCount() && WantedPods.run(job, instance);
    if (pod == null) {
      assertThat(living).as(what).isEmpty();
    } else if (runs) {
      String command =
          new EffectivePods(spec).pod(instance).getContainers(0).getCommand().getValue();
      assertThat(living).as(what).containsExactly(command);
      assertThat(pod.getVersion()).as(what).isEqualTo(pod.getDesiredVersion());
      assertThat(pod.getRun())
          .as("%s: the run that was asked for", what)
          .isGreaterThanOrEqualTo(asked(job, instance));
    } else {
      assertThat(living).as(what).isEmpty();
    }
    if (instance < count) {
      // An aborted creation or update leaves out what it has not reached, and a restart adds
      // nothing.
      boolean reached = pod != null || (done && !restarts(job));
      client.wishes().check(what, instance, !living.isEmpty(), reached);
    }
  }

  private static long asked(JobEntry job, int instance) {
    return job.podGoals().containsKey(instance) ? job.podGoals().get(instance).getDesiredRun() : 0;
  }

  private static boolean restarts(JobEntry job) {
    return job.workflowRequests().get(job.goal().getWorkflow()).getType()
        == WorkflowType.WORKFLOW_TYPE_RESTART;
  }
}
