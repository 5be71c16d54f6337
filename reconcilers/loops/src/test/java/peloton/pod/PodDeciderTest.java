package peloton.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus.Reason;
import peloton.records.PodRecord;

class PodDeciderTest {
  private static final long NOW = 1_000;
  private static final long LAUNCH_TIMEOUT = 500;
  private static final long KILL_TIMEOUT = 5_000;
  private static final long UNREACHABLE_TIMEOUT = 60;

  /** What the decider is told to end outdated runs with. */
  private static final PodAction.Kill REPLACEMENT =
      new PodAction.Kill(Reason.TERMINATION_STATUS_REASON_KILLED_FOR_SLA_AWARE_RESTART, "because");

  private static final PodAction NOTHING = new PodAction.Nothing();
  private static final PodAction SUBMIT = new PodAction.Submit();
  private static final PodAction WITHDRAW = new PodAction.Withdraw();
  private static final PodAction REMOVE = new PodAction.Remove();

  /** What stands in every cell of the table, for a pod that is on its version. */
  private static final Map<PodGoal, Map<PodPhase, PodAction>> TABLE = new EnumMap<>(PodGoal.class);

  static {
    TABLE.put(
        PodGoal.RUN,
        Map.of(
            PodPhase.ABSENT, SUBMIT,
            PodPhase.WAITING, SUBMIT,
            PodPhase.LIVE, NOTHING,
            PodPhase.KILLING, NOTHING,
            PodPhase.ENDED, new PodAction.BeginRun(7, "Rescheduled after task terminated")));
    TABLE.put(
        PodGoal.STOP,
        Map.of(
            PodPhase.ABSENT, WITHDRAW,
            PodPhase.WAITING, new PodAction.EndUnlaunched("Non-running task killed"),
            PodPhase.LIVE,
                kill(Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST, "Task stop API request"),
            PodPhase.KILLING, NOTHING,
            PodPhase.ENDED, NOTHING));
    TABLE.put(
        PodGoal.REMOVE,
        Map.of(
            PodPhase.ABSENT, WITHDRAW,
            PodPhase.WAITING, REMOVE,
            PodPhase.LIVE,
                kill(
                    Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST,
                    "Task Count reduced via API"),
            PodPhase.KILLING, NOTHING,
            PodPhase.ENDED, REMOVE));
  }

  private record Cell(PodGoal goal, PodState state) {}

  static Stream<Cell> everyCell() {
    List<Cell> cells = new ArrayList<>();
    for (PodGoal goal : PodGoal.values()) {
      cells.add(new Cell(goal, null));
      for (PodState state : PodState.values()) {
        if (state != PodState.UNRECOGNIZED) {
          cells.add(new Cell(goal, state));
        }
      }
    }
    return cells.stream();
  }

  @ParameterizedTest
  @MethodSource("everyCell")
  void decidesEveryCell(Cell cell) {
    Optional<PodRecord> record =
        Optional.ofNullable(cell.state())
            .map(state -> pod(state).setCreatedAt(NOW).setUpdatedAt(NOW).build());
    PodPhase phase = PodPhase.of(record.orElse(null));
    PodAction expected = TABLE.get(cell.goal()).get(phase);
    if (cell.goal() == PodGoal.RUN && cell.state() == PodState.POD_STATE_LAUNCHED) {
      expected = new PodAction.Wait(NOW + LAUNCH_TIMEOUT);
    }
    assertThat(decide(cell.goal(), record)).isEqualTo(expected);
  }

  @Test
  void anInstanceThatItsWorkflowHasNotReachedWaitsUnlaunched() {
    assertThat(
            PodDecider.decide(
                new PodView(
                    PodGoal.RUN,
                    Optional.empty(),
                    7,
                    PodDecider.UPDATE,
                    false,
                    false,
                    NOW,
                    LAUNCH_TIMEOUT,
                    KILL_TIMEOUT,
                    UNREACHABLE_TIMEOUT)))
        .isEqualTo(WITHDRAW);
  }

  @Test
  void aRunOnAnotherVersionIsReplaced() {
    assertThat(decide(PodGoal.RUN, pod(PodState.POD_STATE_RUNNING).setVersion(6)))
        .isEqualTo(REPLACEMENT);
    assertThat(decide(PodGoal.RUN, pod(PodState.POD_STATE_KILLED).setVersion(6)))
        .isEqualTo(new PodAction.BeginRun(7, "Initialize task"));
    assertThat(decide(PodGoal.RUN, pod(PodState.POD_STATE_PENDING).setVersion(6)))
        .isEqualTo(new PodAction.BeginRun(7, "Task sent for placement"));
    assertThat(decide(PodGoal.RUN, pod(PodState.POD_STATE_KILLING).setVersion(6).setUpdatedAt(NOW)))
        .isEqualTo(NOTHING);
  }

  @Test
  void aWantedRunAboveTheCurrentOneEndsIt() {
    assertThat(decide(PodGoal.RUN, pod(PodState.POD_STATE_RUNNING).setDesiredRun(3)))
        .isEqualTo(REPLACEMENT);
  }

  @Test
  void aBackOffIsWaitedForUnlessTheVersionChanges() {
    PodRecord.Builder failed = pod(PodState.POD_STATE_FAILED).setNotBefore(NOW + 1);
    assertThat(decide(PodGoal.RUN, failed)).isEqualTo(new PodAction.Wait(NOW + 1));
    assertThat(decide(PodGoal.RUN, failed.setNotBefore(NOW)))
        .isInstanceOf(PodAction.BeginRun.class);
    assertThat(decide(PodGoal.RUN, failed.setNotBefore(NOW + 1).setVersion(6)))
        .isEqualTo(new PodAction.BeginRun(7, "Initialize task"));
  }

  @Test
  void aLaunchThatMesosIsSilentAboutIsGivenUp() {
    PodRecord.Builder launched =
        pod(PodState.POD_STATE_LAUNCHED).setCreatedAt(NOW - LAUNCH_TIMEOUT);
    assertThat(decide(PodGoal.RUN, launched)).isInstanceOf(PodAction.Kill.class);
    assertThat(decide(PodGoal.RUN, launched.setState(PodState.POD_STATE_STARTING)))
        .isEqualTo(NOTHING);
  }

  @Test
  void aStartOfTheJobEndsTheWait() {
    PodRecord failed = pod(PodState.POD_STATE_FAILED).setNotBefore(NOW + 1).build();
    assertThat(decide(PodGoal.RUN, Optional.of(failed), true))
        .isEqualTo(new PodAction.BeginRun(7, "Rescheduled after task terminated"));
  }

  @ParameterizedTest
  @EnumSource
  void anExecutorThatAKillDidNotEndIsShutDown(PodGoal goal) {
    PodRecord.Builder killing = pod(PodState.POD_STATE_KILLING).setUpdatedAt(NOW - KILL_TIMEOUT);
    assertThat(decide(goal, killing)).isEqualTo(new PodAction.ShutDown());
    assertThat(decide(goal, killing.setUpdatedAt(NOW - KILL_TIMEOUT + 1))).isEqualTo(NOTHING);
  }

  @Test
  void theContainersThatFollowAnInitContainerAreLaunchedWhenItHasEndedWell() {
    PodRecord.Builder pod = pod(PodState.POD_STATE_STARTING).setUpdatedAt(NOW);
    pod.addInitContainersBuilder().setState(PodState.POD_STATE_RUNNING);
    pod.addContainersBuilder().setState(PodState.POD_STATE_PENDING);
    assertThat(decide(PodGoal.RUN, pod)).isEqualTo(NOTHING);
    pod.getInitContainersBuilder(0).setState(PodState.POD_STATE_SUCCEEDED);
    assertThat(decide(PodGoal.RUN, pod)).isEqualTo(new PodAction.LaunchStage());
    assertThat(decide(PodGoal.STOP, pod)).isInstanceOf(PodAction.Kill.class);
    assertThat(decide(PodGoal.RUN, pod.clone().setVersion(6))).isEqualTo(REPLACEMENT);
    assertThat(decide(PodGoal.RUN, pod.clone().setUpdatedAt(NOW - LAUNCH_TIMEOUT)))
        .isInstanceOf(PodAction.Kill.class);
    pod.getContainersBuilder(0).setState(PodState.POD_STATE_LAUNCHED);
    assertThat(decide(PodGoal.RUN, pod)).isEqualTo(NOTHING);
  }

  @ParameterizedTest
  @EnumSource(
      value = PodState.class,
      names = {"POD_STATE_LAUNCHED", "POD_STATE_STARTING", "POD_STATE_RUNNING"})
  void aRunWhoseAgentCannotBeReachedIsWaitedForAndThenGivenUp(PodState state) {
    PodRecord.Builder unreachable = pod(state).setUnreachableSince(NOW - UNREACHABLE_TIMEOUT + 1);
    assertThat(decide(PodGoal.RUN, unreachable)).isEqualTo(new PodAction.Wait(NOW + 1));
    assertThat(decide(PodGoal.RUN, unreachable.setUnreachableSince(NOW - UNREACHABLE_TIMEOUT)))
        .isInstanceOf(PodAction.GiveUp.class);
  }

  @Test
  void whatNobodyWantsAnyMoreIsNotWaitedForOnAnAgentThatHearsNoKill() {
    PodRecord.Builder unreachable =
        pod(PodState.POD_STATE_RUNNING).setUnreachableSince(NOW).setUpdatedAt(NOW);
    assertThat(decide(PodGoal.STOP, unreachable)).isInstanceOf(PodAction.GiveUp.class);
    assertThat(decide(PodGoal.REMOVE, unreachable)).isInstanceOf(PodAction.GiveUp.class);
    assertThat(decide(PodGoal.RUN, unreachable.setVersion(6))).isInstanceOf(PodAction.GiveUp.class);
    assertThat(decide(PodGoal.STOP, unreachable.setState(PodState.POD_STATE_KILLING)))
        .isEqualTo(NOTHING);
  }

  private static PodAction decide(PodGoal goal, PodRecord.Builder pod) {
    return decide(goal, Optional.of(pod.build()));
  }

  private static PodAction decide(PodGoal goal, Optional<PodRecord> pod) {
    return decide(goal, pod, false);
  }

  private static PodAction decide(PodGoal goal, Optional<PodRecord> pod, boolean startedSince) {
    return PodDecider.decide(
        new PodView(
            goal,
            pod,
            7,
            REPLACEMENT,
            true,
            startedSince,
            NOW,
            LAUNCH_TIMEOUT,
            KILL_TIMEOUT,
            UNREACHABLE_TIMEOUT));
  }

  private static PodRecord.Builder pod(PodState state) {
    return PodRecord.newBuilder()
        .setRun(2)
        .setDesiredRun(2)
        .setVersion(7)
        .setDesiredVersion(7)
        .setState(state);
  }

  private static PodAction kill(Reason reason, String message) {
    return new PodAction.Kill(reason, message);
  }
}
