package peloton.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.crds.job.StatelessJobSpec;

class JobDeciderTest {
  /**
   * Columns: what is asked for beside a specification; the job's goal, none if there is no job;
   * whether its specification is the one that is asked for, another, or one that it went back from;
   * its workflow; the step.
   */
  @ParameterizedTest(name = "{0} | {1} {2} {3} -> {4}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-                                     | -       | -     | -       | CREATE",
        "suspend: true                         | -       | -     | -       | CREATE",
        "adoptJobId: x                         | -       | -     | -       | MISSING",
        "-                                     | RUNNING | same  | over    | NOTHING",
        "-                                     | RUNNING | same  | rolling | NOTHING",
        "-                                     | RUNNING | other | over    | REPLACE",
        "-                                     | RUNNING | other | rolling | REPLACE",
        "-                                     | RUNNING | back  | over    | NOTHING",
        "adoptJobId: x                         | RUNNING | other | over    | REPLACE",
        "-                                     | RUNNING | other | restarting | NOTHING",
        "abortToken: a                         | RUNNING | other | restarting | ABORT",
        "-                                     | KILLED  | same  | over    | START",
        "-                                     | KILLED  | other | over    | REPLACE",
        "suspend: true                         | RUNNING | same  | over    | STOP",
        "suspend: true                         | RUNNING | other | rolling | STOP",
        "suspend: true                         | KILLED  | same  | over    | NOTHING",
        "suspend: true                         | KILLED  | other | over    | REPLACE",
        "-                                     | DELETED | same  | over    | AWAIT_DELETION",
        "paused: true                          | RUNNING | same  | rolling | PAUSE",
        "paused: true                          | RUNNING | same  | paused  | NOTHING",
        "paused: true                          | RUNNING | same  | over    | NOTHING",
        "paused: false                         | RUNNING | same  | paused  | RESUME",
        "-                                     | RUNNING | same  | paused  | RESUME",
        "updatePolicy: {startPaused: true}     | RUNNING | same  | paused  | NOTHING",
        "createPolicy: {startPaused: true}     | RUNNING | same  | paused  | NOTHING",
        "'updatePolicy: {startPaused: true}, paused: false' | RUNNING | same | paused | RESUME",
        "abortToken: a                         | RUNNING | same  | rolling | ABORT",
        "abortToken: a                         | RUNNING | same  | paused  | ABORT",
        "abortToken: a                         | RUNNING | same  | over    | NOTHING_TO_ABORT",
        "abortToken: handled                   | RUNNING | same  | rolling | NOTHING",
        "restart: {token: r}                   | RUNNING | same  | over    | RESTART",
        "restart: {token: handled}             | RUNNING | same  | over    | NOTHING",
        "restart: {token: r}                   | RUNNING | same  | rolling | NOTHING",
        "'restart: {token: r}, suspend: true'  | KILLED  | same  | over    | NOTHING",
        "'restart: {token: r}, abortToken: a'  | RUNNING | same  | rolling | ABORT",
      })
  void theNextStepFollowsFromWhatIsAskedForAndWhatThereIs(
      String asked, String goal, String spec, String workflow, JobStep expected) {
    assertThat(JobDecider.decide(ask(asked, false), seen(goal, spec, workflow)))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} | {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-                       | -       | RELEASE",
        "-                       | RUNNING | DELETE",
        "-                       | KILLED  | DELETE",
        "-                       | DELETED | AWAIT_DELETION",
        "deletionPolicy: Delete  | RUNNING | DELETE",
        "deletionPolicy: Orphan  | RUNNING | DISOWN",
        "deletionPolicy: Orphan  | DELETED | DISOWN",
        "deletionPolicy: Orphan  | -       | RELEASE",
        "adoptJobId: x           | -       | RELEASE",
      })
  void aResourceThatGoesTakesItsJobAlongUnlessItSaysOtherwise(
      String asked, String goal, JobStep expected) {
    assertThat(JobDecider.decide(ask(asked, true), seen(goal, "other", "rolling")))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} | {1} {2} -> {3}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-             | NOBODY      | RUNNING | ADOPTION_REQUIRED",
        "adoptJobId: x | NOBODY      | RUNNING | ADOPT",
        "adoptJobId: x | NOBODY      | DELETED | AWAIT_DELETION",
        "-             | PREDECESSOR | RUNNING | ADOPTION_REQUIRED",
        "adoptJobId: x | PREDECESSOR | KILLED  | ADOPT",
        "-             | OTHER       | RUNNING | NOT_OWNED",
        "adoptJobId: x | OTHER       | RUNNING | NOT_OWNED",
        "adoptJobId: x | OTHER       | DELETED | NOT_OWNED",
      })
  void whatBelongsToSomebodyElseIsNotTouched(
      String asked, Holder holder, String goal, JobStep expected) {
    assertThat(JobDecider.decide(ask(asked, false), Optional.of(held(holder, goal))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(value = Holder.class, mode = EnumSource.Mode.EXCLUDE, names = "SELF")
  void aResourceThatGoesLeavesAloneWhatIsNotItsOwn(Holder holder) {
    assertThat(JobDecider.decide(ask(null, true), Optional.of(held(holder, "RUNNING"))))
        .isEqualTo(JobStep.RELEASE);
  }

  @Test
  void aResourceDoesNotWaitForEverForItsJobToEnd() {
    JobSeen ending = held(Holder.SELF, "DELETED");
    JobSeen overdue =
        new JobSeen(
            "1-1-1", Holder.SELF, ending.goal(), true, false, false, true, false, false, false);

    assertThat(JobDecider.decide(ask(null, true), Optional.of(ending)))
        .isEqualTo(JobStep.AWAIT_DELETION);
    assertThat(JobDecider.decide(ask(null, true), Optional.of(overdue))).isEqualTo(JobStep.RELEASE);
  }

  @Test
  void podsThatWereStartedOrStoppedOneByOneArePutBack() {
    assertThat(JobDecider.decide(ask(null, false), Optional.of(astray("RUNNING"))))
        .isEqualTo(JobStep.START);
    assertThat(JobDecider.decide(ask("suspend: true", false), Optional.of(astray("KILLED"))))
        .isEqualTo(JobStep.STOP);
  }

  @Test
  void whatIsSuspendedFromTheBeginningRunsNoPodBeforeItIsStopped() {
    assertThat(ask("suspend: true", false).create().getStartPaused()).isTrue();
  }

  private static JobSeen held(Holder holder, String goal) {
    JobState state = JobState.valueOf("JOB_STATE_" + goal);
    return new JobSeen("1-1-1", holder, state, true, false, false, false, false, false, false);
  }

  private static JobSeen astray(String goal) {
    JobState state = JobState.valueOf("JOB_STATE_" + goal);
    return new JobSeen("1-1-1", Holder.SELF, state, true, false, true, false, false, false, false);
  }

  @Test
  void whatIsPausedFromTheBeginningIsCreatedPaused() {
    assertThat(ask("paused: true", false).create().getStartPaused()).isTrue();
    assertThat(
            ask("'paused: false, createPolicy: {startPaused: true}'", false)
                .create()
                .getStartPaused())
        .isFalse();
  }

  private static Optional<JobSeen> seen(String goal, String spec, String workflow) {
    return goal == null
        ? Optional.empty()
        : Optional.of(
            new JobSeen(
                "1-1-1",
                Holder.SELF,
                JobState.valueOf("JOB_STATE_" + goal),
                spec.equals("same"),
                spec.equals("back"),
                false,
                false,
                workflow.equals("restarting"),
                !workflow.equals("over"),
                workflow.equals("paused")));
  }

  private static JobAsk ask(String asked, boolean deleting) {
    String bare = asked == null ? "" : asked.replace("'", "");
    StatelessJobSpec spec =
        new KubernetesSerialization()
            .unmarshal("---\n{template: {}, " + bare + "}", StatelessJobSpec.class);
    return JobAsk.of(
        spec,
        JobSpec.getDefaultInstance(),
        deleting,
        Optional.of("handled"),
        Optional.of("handled"));
  }
}
