package peloton.desired.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.JobGoalRecord;
import peloton.records.PodGoalRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

class WantedPodsTest {
  private static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";

  /** The job was last started or stopped at desired-state version 2, under workflow 5. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # job,   stopped below, pod's own, its version, its workflow, started by, wanted
          RUNNING, 0,             none,      0,           0,            0,          true
          KILLED,  0,             none,      0,           0,            0,          false
          DELETED, 0,             none,      0,           0,            0,          false
          DELETED, 0,             RUNNING,   2,           5,            6,          false
          # some pods of a stopped job were started
          RUNNING, 7,             none,      0,           0,            0,          true
          RUNNING, 8,             none,      0,           0,            0,          false
          RUNNING, 8,             none,      0,           0,            5,          false
          RUNNING, 8,             none,      0,           0,            6,          true
          RUNNING, 8,             RUNNING,   2,           5,            0,          true
          RUNNING, 8,             RUNNING,   1,           5,            0,          false
          # the pod's own goal holds until the job is started or stopped again
          RUNNING, 0,             KILLED,    2,           5,            0,          false
          RUNNING, 0,             KILLED,    1,           5,            0,          true
          KILLED,  0,             RUNNING,   2,           5,            0,          true
          KILLED,  0,             RUNNING,   1,           5,            0,          false
          # or until a later workflow starts it
          RUNNING, 0,             KILLED,    2,           6,            6,          false
          RUNNING, 0,             KILLED,    2,           6,            7,          true
          # nothing was asked of the pod
          RUNNING, 0,             INVALID,   0,           0,            0,          true
          KILLED,  0,             INVALID,   0,           0,            0,          false
          """)
  void theLatestWhoSpokeCounts(
      String jobGoal,
      int stoppedBelow,
      String own,
      long ownVersion,
      long ownWorkflow,
      long startedBy,
      boolean wanted) {
    Records records = new Records();
    records.apply(
        new RecordKey.JobGoal(JOB),
        JobGoalRecord.newBuilder()
            .setGoal(JobState.valueOf("JOB_STATE_" + jobGoal))
            .setDesiredStateVersion(2)
            .setGoalWorkflow(5)
            .setStoppedBelow(stoppedBelow)
            .build(),
        1);
    if (!own.equals("none")) {
      records.apply(
          new RecordKey.PodGoal(JOB, 7),
          PodGoalRecord.newBuilder()
              .setGoal(PodState.valueOf("POD_STATE_" + own))
              .setDesiredStateVersion(ownVersion)
              .setWorkflow(ownWorkflow)
              .build(),
          2);
    }

    assertThat(WantedPods.run(records.job(JOB), 7, startedBy)).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource({"UPDATE,false,false", "UPDATE,true,true", "RESTART,false,true"})
  void restartsAndUpdatesThatSaySoStartWhatTheyTouch(
      String type, boolean startPods, boolean starts) {
    WorkflowRequestRecord workflow =
        WorkflowRequestRecord.newBuilder()
            .setType(WorkflowType.valueOf("WORKFLOW_TYPE_" + type))
            .setUpdateSpec(UpdateSpec.newBuilder().setStartPods(startPods))
            .build();

    assertThat(WantedPods.starts(workflow)).isEqualTo(starts);
  }
}
