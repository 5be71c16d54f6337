package peloton.controllers.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.crds.job.StatelessJobStatus;
import peloton.crds.job.WorkflowProgress;
import peloton.crds.status.Condition;

class JobStatusMapperTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** Columns: goal, workflow, its state, pods by state, ready and updated pods; the reason. */
  @ParameterizedTest(name = "{0} {1} {2} {3} {4} {5} -> {6}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "RUNNING | create  | INITIALIZED      | INITIALIZED:3          | 0 | 0 | Creating",
        "RUNNING | create  | ROLLING_FORWARD  | RUNNING:1,LAUNCHED:2   | 1 | 3 | Creating",
        "RUNNING | create  | PAUSED           | RUNNING:1              | 1 | 1 | WorkflowPaused",
        "RUNNING | create  | SUCCEEDED        | RUNNING:3              | 3 | 3 | PodsReady",
        "RUNNING | create  | SUCCEEDED        | RUNNING:2,FAILED:1     | 2 | 3 | PodsNotReady",
        "RUNNING | create  | FAILED           | FAILED:3               | 0 | 3 | WorkflowFailed",
        "RUNNING | update  | ROLLING_FORWARD  | RUNNING:3              | 3 | 1 | Updating",
        "RUNNING | update  | SUCCEEDED        | RUNNING:3              | 3 | 1 | PodsReady",
        "RUNNING | update  | ROLLING_BACKWARD | RUNNING:3              | 3 | 1 | RollingBack",
        "RUNNING | update  | ROLLED_BACK      | RUNNING:3              | 3 | 3 | RolledBack",
        "RUNNING | update  | FAILED           | RUNNING:3              | 3 | 2 | WorkflowFailed",
        "RUNNING | update  | FAILED           | RUNNING:3              | 3 | 3 | PodsReady",
        "RUNNING | update  | ABORTED          | RUNNING:3              | 3 | 1 | WorkflowAborted",
        "RUNNING | update  | ABORTED          | RUNNING:3              | 3 | 3 | PodsReady",
        "RUNNING | restart | ROLLING_FORWARD  | RUNNING:2,STARTING:1   | 2 | 3 | Restarting",
        "RUNNING | restart | SUCCEEDED        | RUNNING:3              | 3 | 3 | PodsReady",
        "KILLED  | update  | SUCCEEDED        | KILLED:1,KILLING:2     | 0 | 3 | Stopping",
        "KILLED  | update  | SUCCEEDED        | KILLED:3               | 0 | 3 | Suspended",
        "KILLED  | update  | ROLLING_FORWARD  | KILLED:3               | 0 | 1 | Suspended",
        "DELETED | update  | SUCCEEDED        | RUNNING:3              | 3 | 3 | Deleting",
      })
  void aJobIsAsItsGoalWorkflowAndPodsSay(
      String goal,
      String workflow,
      String state,
      String pods,
      int ready,
      int updated,
      Reason expected) {
    StatelessJobStatus status =
        JobStatusMapper.map(
            Optional.empty(), facts(job(goal, workflow, state, pods), ready, updated), NOW);

    assertThat(status.conditions())
        .isEqualTo(
            Conditions.next(
                List.of(),
                new Verdict(expected, message(status)),
                status.observedGeneration(),
                NOW));
    assertThat(message(status)).isNotBlank();
  }

  @Test
  void theStatusTellsTheWholeStory() {
    JobInfo job = job("RUNNING", "update", "ROLLING_FORWARD", "RUNNING:2,LAUNCHED:1");

    StatelessJobStatus status = JobStatusMapper.map(Optional.empty(), facts(job, 2, 1), NOW);

    assertThat(status.observedGeneration()).isEqualTo(7);
    assertThat(status.jobId()).isEqualTo("job-id");
    assertThat(status.respoolId()).isEqualTo("pool-id");
    assertThat(status.entityVersion()).isEqualTo("2-1-2");
    assertThat(status.state()).isEqualTo("Running");
    assertThat(status.desiredState()).isEqualTo("Running");
    assertThat(status.replicas()).isEqualTo(3);
    assertThat(status.readyReplicas()).isEqualTo(2);
    assertThat(status.updatedReplicas()).isEqualTo(1);
    assertThat(status.unavailableReplicas()).isEqualTo(1);
    assertThat(status.ready()).isEqualTo("2/3");
    assertThat(status.podStates()).isEqualTo(Map.of("Running", 2, "Launched", 1));
    assertThat(status.selector()).isEqualTo("peloton.dev/job=job-id");
    assertThat(status.handledRestartToken()).isEqualTo("restart-1");
    assertThat(status.handledAbortToken()).isEqualTo("abort-1");
    assertThat(status.workflow())
        .isEqualTo(
            new WorkflowProgress(
                "Update RollingForward 1/3, 1 failed",
                "Update",
                "RollingForward",
                1,
                1,
                1,
                List.of(2),
                "2-1-2",
                "1-1-1",
                "2026-03-01T11:59:00Z",
                "2026-03-01T11:59:30Z",
                null));
    assertThat(message(status)).isEqualTo("Update RollingForward 1/3, 1 failed: 2 of 3 pods ready");
  }

  @Test
  void everyFieldOfTheStatusIsFilled() throws ReflectiveOperationException {
    JobInfo.Builder job = job("RUNNING", "update", "SUCCEEDED", "RUNNING:3").toBuilder();
    job.getStatusBuilder().getWorkflowStatusBuilder().setCompletionTime("2026-03-01T12:00:00Z");

    StatelessJobStatus status =
        JobStatusMapper.map(Optional.empty(), facts(job.build(), 3, 3), NOW);

    assertFilled(status);
    assertFilled(status.workflow());
    assertFilled(status.conditions().get(0));
  }

  @Test
  void nothingNewGivesTheSameStatusSoThatNothingIsWritten() {
    JobFacts facts = facts(job("RUNNING", "create", "SUCCEEDED", "RUNNING:3"), 3, 3);
    StatelessJobStatus status = JobStatusMapper.map(Optional.empty(), facts, NOW);

    assertThat(JobStatusMapper.map(Optional.of(status), facts, NOW.plusSeconds(99)))
        .isEqualTo(status);
  }

  @Test
  void aHindranceIsSaidWhateverTheJobDoes() {
    JobFacts running = facts(job("RUNNING", "create", "SUCCEEDED", "RUNNING:3"), 3, 3);
    Verdict waits = new Verdict(Reason.ResourcePoolNotFound, "no pool at /a");
    JobFacts hindered =
        new JobFacts(
            8, false, Optional.of(waits), running.job(), 3, 3, Optional.empty(), Optional.empty());

    StatelessJobStatus status = JobStatusMapper.map(Optional.empty(), hindered, NOW);

    assertThat(status.conditions()).isEqualTo(Conditions.next(List.of(), waits, 8, NOW));
    assertThat(status.ready()).as("the pods are shown all the same").isEqualTo("3/3");
  }

  @Test
  void beforeThereIsAJobTheStatusSaysSo() {
    JobFacts none =
        new JobFacts(
            1, false, Optional.empty(), Optional.empty(), 0, 0, Optional.empty(), Optional.empty());

    StatelessJobStatus status = JobStatusMapper.map(Optional.empty(), none, NOW);

    assertThat(status.conditions())
        .extracting(each -> each.type() + "=" + each.status() + " " + each.reason())
        .containsExactly("Ready=Unknown Pending", "Reconciling=True Pending");
    assertThat(status.observedGeneration()).isEqualTo(1);
    assertThat(status.jobId()).isNull();
  }

  @Test
  void theJobsIdIsKeptWhenTheJobIsGone() {
    StatelessJobStatus status =
        JobStatusMapper.map(
            Optional.empty(), facts(job("RUNNING", "create", "SUCCEEDED", "RUNNING:3"), 3, 3), NOW);
    JobFacts gone =
        new JobFacts(
            8, true, Optional.empty(), Optional.empty(), 0, 0, Optional.empty(), Optional.empty());

    StatelessJobStatus after = JobStatusMapper.map(Optional.of(status), gone, NOW);

    assertThat(after.jobId()).isEqualTo("job-id");
    assertThat(after.conditions()).extracting(Condition::reason).containsOnly("Deleting");
  }

  private static void assertFilled(Record record) throws ReflectiveOperationException {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      assertThat(value(component, record))
          .as(record.getClass().getSimpleName() + "." + component.getName())
          .isNotNull();
    }
  }

  private static Object value(RecordComponent component, Record record)
      throws IllegalAccessException, InvocationTargetException {
    return component.getAccessor().invoke(record);
  }

  private static String message(StatelessJobStatus status) {
    return status.conditions().get(0).message();
  }

  private static JobFacts facts(JobInfo job, int ready, int updated) {
    return new JobFacts(
        7,
        false,
        Optional.empty(),
        Optional.of(job),
        ready,
        updated,
        Optional.of("restart-1"),
        Optional.of("abort-1"));
  }

  private static JobInfo job(String goal, String workflow, String state, String pods) {
    StringBuilder text =
        new StringBuilder(
            """
            job_id { value: "job-id" }
            spec { instance_count: 3 respool_id { value: "pool-id" } }
            status {
              state: JOB_STATE_RUNNING
              version { value: "2-1-2" }
              workflow_status {
                num_instances_completed: 1
                num_instances_remaining: 1
                num_instances_failed: 1
                instances_current: 2
                version { value: "2-1-2" }
                creation_time: "2026-03-01T11:59:00Z"
                update_time: "2026-03-01T11:59:30Z"
              }
            """);
    text.append("desired_state: JOB_STATE_").append(goal);
    text.append(" workflow_status { state: WORKFLOW_STATE_").append(state);
    text.append(" type: WORKFLOW_TYPE_").append(workflow.equals("restart") ? "RESTART" : "UPDATE");
    if (!workflow.equals("create")) {
      text.append(" prev_version { value: \"1-1-1\" }");
    }
    text.append("}");
    for (String each : pods.split(",")) {
      String[] parts = each.split(":");
      text.append(" pod_stats { key: \"POD_STATE_%s\" value: %s }".formatted(parts[0], parts[1]));
    }
    text.append("}");
    try {
      JobInfo.Builder job = JobInfo.newBuilder();
      TextFormat.Parser.newBuilder()
          .setSingularOverwritePolicy(
              TextFormat.Parser.SingularOverwritePolicy.ALLOW_SINGULAR_OVERWRITES)
          .build()
          .merge(text, job);
      return job.build();
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(text.toString(), e);
    }
  }
}
