package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.desired.ApiException;
import peloton.desired.job.EffectivePods;
import peloton.desired.pod.WantedPods;
import peloton.records.JobGoalRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.workflow.WorkflowDecider;

/**
 * A story that a seed tells: clients who want this and that, pods that fail, updates that get lost,
 * leaders that die. After each step everything written must be sound; when at last all is quiet,
 * the world must be as the clients were promised. The same seed tells the same story.
 */
final class RandomWalk {
  private static final int STEPS = Integer.getInteger("steps", 40);
  private static final int MOST_INSTANCES = 6;
  private static final List<String> COMMANDS = List.of("v1", "v2", "v3", "bad");

  private static final List<Component> LOCKABLE =
      List.of(Component.GoalStateEngine, Component.Kill, Component.Launch);
  private static final PodGoalRecord NOTHING_ASKED = PodGoalRecord.getDefaultInstance();

  private final Random random;
  private final CrashPoints crashPoints = CrashPoints.none();
  private final World world = new World(crashPoints);
  private final History history = new History(world.keyspace());
  private final List<String> story = new ArrayList<>();
  private final Wishes wishes = new Wishes();
  private int agents;

  private RandomWalk(long seed) {
    random = new Random(seed);
  }

  /** Tells the story of a seed; fails with the story so far. */
  static void run(long seed) {
    RandomWalk walk = new RandomWalk(seed);
    try {
      walk.walk();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed "
              + seed
              + " fails after\n  "
              + String.join("\n  ", walk.story)
              + "\nwith\n  "
              + walk.world.outcome()
              + walk.pods(),
          e);
    }
  }

  private String pods() {
    JobEntry job = world.committed().job(World.JOB);
    StringBuilder text = new StringBuilder();
    for (int i = 0; job != null && i < job.pods().bound(); i++) {
      PodRecord pod = job.pods().get(i);
      text.append("\n  ").append(i).append(": ");
      text.append(pod == null ? "none" : text(pod.toBuilder().clearEvents().build()));
      text.append(" asked ").append(text(job.podGoals().getOrDefault(i, NOTHING_ASKED)));
    }
    return text.toString();
  }

  private void walk() {
    for (int i = 0; i < 2 + random.nextInt(3); i++) {
      addAgent(1 + random.nextInt(4));
    }
    world.mesos.failCommand("bad", "Command exited with status 1");
    world.start();
    world.watchAll(history);
    for (int i = 0; i < STEPS; i++) {
      history.forgetOldLimits();
      step();
      world.drain();
      checkNow();
    }
    settle();
    checkEnd();
  }

  private void addAgent(int cpus) {
    world.mesos.addAgent("agent-" + agents++, cpus, 65536);
  }

  // ---- what happens --------------------------------------------------------------------

  private void step() {
    int dice = random.nextInt(100);
    if (!exists()) {
      if (dice < 50) {
        create();
      } else {
        disturb();
      }
    } else if (dice < 45) {
      ask();
    } else if (dice < 70) {
      disturb();
    }
    Duration time = Duration.ofMillis(500L * random.nextInt(random.nextInt(5) == 0 ? 120 : 10));
    if (!time.isZero()) {
      tell("%s pass", time);
      world.advance(time);
    }
  }

  private boolean exists() {
    JobEntry job = world.committed().job(World.JOB);
    return job != null && job.goal() != null;
  }

  private void ask() {
    JobGoalRecord goal = world.committed().job(World.JOB).goal();
    int count = world.committed().job(World.JOB).currentSpec().getInstanceCount();
    int instance = random.nextInt(MOST_INSTANCES);
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> replace(goal, count);
      case 5, 6 -> restart(count);
      case 7 -> {
        if (granted(
            "start",
            world.jobs.start(
                StartJobRequest.newBuilder()
                    .setJobId(World.jobId())
                    .setVersion(version())
                    .build()))) {
          wishes.all(true);
        }
      }
      case 8 -> {
        if (granted(
            "stop",
            world.jobs.stop(
                StopJobRequest.newBuilder()
                    .setJobId(World.jobId())
                    .setVersion(version())
                    .build()))) {
          wishes.all(false);
        }
      }
      case 9 -> {
        if (random.nextInt(4) == 0) {
          granted(
              "delete",
              world.jobs.delete(
                  DeleteJobRequest.newBuilder()
                      .setJobId(World.jobId())
                      .setVersion(version())
                      .setForce(random.nextBoolean())
                      .build()));
        }
      }
      case 10 ->
          granted(
              "pause",
              world.jobs.pauseWorkflow(
                  PauseJobWorkflowRequest.newBuilder()
                      .setJobId(World.jobId())
                      .setVersion(version())
                      .build()));
      case 11 ->
          granted(
              "resume",
              world.jobs.resumeWorkflow(
                  ResumeJobWorkflowRequest.newBuilder()
                      .setJobId(World.jobId())
                      .setVersion(version())
                      .build()));
      case 12 -> {
        if (random.nextBoolean()) {
          granted(
              "abort",
              world.jobs.abortWorkflow(
                  AbortJobWorkflowRequest.newBuilder()
                      .setJobId(World.jobId())
                      .setVersion(version())
                      .build()));
        } else {
          granted(
              "refresh",
              world.jobs.refresh(RefreshJobRequest.newBuilder().setJobId(World.jobId()).build()));
        }
      }
      case 13 -> {
        if (granted(
            "stop pod " + instance,
            world.pods.stop(
                StopPodRequest.newBuilder().setPodName(World.podName(instance)).build()))) {
          wishes.one(instance, false);
        }
      }
      case 14 -> {
        if (granted(
            "start pod " + instance,
            world.pods.start(
                StartPodRequest.newBuilder().setPodName(World.podName(instance)).build()))) {
          wishes.one(instance, true);
        }
      }
      default -> {
        boolean sla = random.nextBoolean();
        if (granted(
            "restart pod " + instance + (sla ? " within the bound" : ""),
            world.pods.restart(
                RestartPodRequest.newBuilder()
                    .setPodName(World.podName(instance))
                    .setCheckSla(sla)
                    .build()))) {
          wishes.one(instance, true);
        }
      }
    }
  }

  private void create() {
    JobSpec spec = spec();
    UpdateSpec update = update();
    if (granted(
        "create " + text(spec) + " by " + text(update),
        world.jobs.create(
            CreateJobRequest.newBuilder()
                .setJobId(World.jobId())
                .setSpec(World.inPool(spec))
                .setCreateSpec(
                    CreateSpec.newBuilder()
                        .setBatchSize(update.getBatchSize())
                        .setMaxInstanceRetries(update.getMaxInstanceRetries())
                        .setMaxTolerableInstanceFailures(update.getMaxTolerableInstanceFailures())
                        .setStartPaused(update.getStartPaused()))
                .build()))) {
      wishes.all(true);
    }
  }

  private void replace(JobGoalRecord goal, int count) {
    JobSpec spec = spec();
    UpdateSpec update = update();
    if (granted(
        "replace by " + text(spec) + " by " + text(update),
        world.jobs.replace(
            ReplaceJobRequest.newBuilder()
                .setJobId(World.jobId())
                .setVersion(version(goal))
                .setSpec(World.inPool(spec))
                .setUpdateSpec(update)
                .build()))) {
      if (update.getStartPods()) {
        wishes.perhapsAll();
      }
      for (int i = Math.min(count, spec.getInstanceCount()); i < MOST_INSTANCES; i++) {
        wishes.perhaps(i);
      }
    }
  }

  private void restart(int count) {
    RestartSpec.Builder restart =
        RestartSpec.newBuilder().setBatchSize(random.nextInt(3)).setInPlace(random.nextInt(4) == 0);
    for (int i = 0; i < random.nextInt(3); i++) {
      int from = random.nextInt(MOST_INSTANCES);
      restart.addRanges(
          InstanceIDRange.newBuilder().setFrom(from).setTo(from + 1 + random.nextInt(3)));
    }
    if (granted(
        "restart " + text(restart.build()),
        world.jobs.restart(
            RestartJobRequest.newBuilder()
                .setJobId(World.jobId())
                .setVersion(version())
                .setRestartSpec(restart)
                .build()))) {
      for (int i = 0; i < count; i++) {
        int instance = i;
        if (restart.getRangesCount() == 0
            || restart.getRangesList().stream()
                .anyMatch(r -> instance >= r.getFrom() && instance < r.getTo())) {
          wishes.perhaps(instance);
        }
      }
    }
  }

  private void disturb() {
    String pod = World.JOB + "-" + random.nextInt(MOST_INSTANCES);
    switch (random.nextInt(18)) {
      case 0, 1 -> {
        tell("%s fails", pod);
        world.mesos.fail(pod, "Command terminated with signal Killed");
      }
      case 2 -> {
        tell("%s ends well", pod);
        world.mesos.finish(pod);
      }
      case 3 -> {
        tell("%s is forgotten by its agent", pod);
        world.mesos.forget(pod);
      }
      case 4 -> {
        tell("all offers are rescinded");
        world.mesos.rescindAll();
      }
      case 5 -> {
        boolean withhold = random.nextBoolean();
        tell(withhold ? "no more offers" : "offers again");
        world.mesos.withholdOffers(withhold);
      }
      case 6, 7 -> {
        boolean hold = random.nextBoolean();
        tell(hold ? "tasks stay in STAGING" : "tasks start again");
        world.mesos.holdStarts(hold);
      }
      case 8 -> {
        int updates = 1 + random.nextInt(4);
        tell("%s updates get lost", updates);
        world.mesos.loseUpdates(updates);
      }
      case 9, 10 -> {
        tell("the connection to Mesos breaks");
        world.reconnect();
      }
      case 11, 12 -> {
        tell("the leader dies");
        world.restart();
      }
      case 13 -> {
        int points = random.nextInt(30);
        tell("the leader is to die after %s writes and calls", points);
        crashPoints.arm(points);
      }
      case 14 -> {
        boolean healthy = random.nextBoolean();
        tell("%s is %s", pod, healthy ? "healthy" : "sick");
        world.mesos.health(pod, healthy);
      }
      case 15, 16 -> {
        Component part = LOCKABLE.get(random.nextInt(LOCKABLE.size()));
        if (random.nextInt(3) == 0) {
          tell("%s is locked down", part);
          world.lockDown(part);
        } else {
          tell("nothing is locked down");
          world.lockDown();
        }
      }
      default -> {
        if (agents < 6) {
          tell("another agent");
          addAgent(2);
        }
      }
    }
  }

  private JobSpec spec() {
    JobSpec.Builder spec =
        JobSpec.newBuilder()
            .setName("web")
            .setInstanceCount(random.nextInt(MOST_INSTANCES + 1))
            .setDefaultSpec(podSpec());
    for (int i = 0; i < random.nextInt(3); i++) {
      spec.putInstanceSpec(random.nextInt(MOST_INSTANCES), podSpec());
    }
    if (random.nextInt(3) == 0) {
      spec.setSla(SlaSpec.newBuilder().setMaximumUnavailableInstances(1 + random.nextInt(2)));
    }
    return spec.build();
  }

  private PodSpec podSpec() {
    String command = COMMANDS.get(random.nextInt(random.nextInt(3) == 0 ? 4 : 3));
    PodSpec spec = World.pod(command, random.nextInt(6) == 0 ? 2 : 1);
    if (random.nextInt(4) > 0) {
      return spec;
    }
    PodSpec.Builder checked = spec.toBuilder();
    checked
        .getContainersBuilder(0)
        .setLivenessCheck(
            HealthCheckSpec.newBuilder()
                .setEnabled(true)
                .setType(HealthCheckSpec.HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)
                .setCommandCheck(HealthCheckSpec.CommandCheck.newBuilder().setCommand("true")));
    return checked.build();
  }

  private UpdateSpec update() {
    return UpdateSpec.newBuilder()
        .setBatchSize(random.nextInt(4))
        .setMaxInstanceRetries(random.nextInt(3))
        .setMaxTolerableInstanceFailures(random.nextInt(3))
        .setRollbackOnFailure(random.nextBoolean())
        .setStartPaused(random.nextInt(8) == 0)
        .setInPlace(random.nextInt(4) == 0)
        .setStartPods(random.nextInt(6) == 0)
        .build();
  }

  private Peloton.EntityVersion version() {
    return version(world.committed().job(World.JOB).goal());
  }

  private Peloton.EntityVersion version(JobGoalRecord goal) {
    return world.version();
  }

  /** Asks, and says whether it was granted: whoever asks at random is refused now and then. */
  private boolean granted(String what, CompletableFuture<?> request) {
    try {
      world.call(request);
      tell("%s", what);
      return true;
    } catch (ApiException refused) {
      tell("%s: refused, %s", what, refused.code());
      assertThat(refused.code())
          .isIn(
              ApiException.Code.ABORTED,
              ApiException.Code.INVALID_ARGUMENT,
              ApiException.Code.NOT_FOUND,
              ApiException.Code.ALREADY_EXISTS);
      return false;
    }
  }

  private void tell(String what, Object... arguments) {
    story.add(String.format(what, arguments));
  }

  private static String text(com.google.protobuf.Message message) {
    return com.google.protobuf.TextFormat.printer().shortDebugString(message);
  }

  // ---- what must be so -----------------------------------------------------------------

  private void checkNow() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
    assertThat(world.mesos.living().values()).allSatisfy(tasks -> assertThat(tasks).hasSize(1));
  }

  /** Lets everything come to rest: nothing fails any more, and there is room for all. */
  private void settle() {
    world.lockDown();
    world.mesos.heal();
    world.mesos.loseUpdates(0);
    world.mesos.holdStarts(false);
    world.mesos.withholdOffers(false);
    crashPoints.arm(Long.MAX_VALUE / 2);
    addAgent(32);
    for (int i = 0; i < MOST_INSTANCES; i++) {
      world.mesos.health(World.JOB + "-" + i, true);
    }
    world.reconnect();
    if (exists() && random.nextInt(3) > 0) {
      granted(
          "resume",
          world.jobs.resumeWorkflow(
              ResumeJobWorkflowRequest.newBuilder()
                  .setJobId(World.jobId())
                  .setVersion(world.version())
                  .build()));
    }
    world.advance(Duration.ofSeconds(10));
    world.idle(Duration.ofMinutes(130));
    checkNow();
  }

  private void checkEnd() {
    long revision = world.data.revision();
    world.idle(Duration.ofMinutes(20));
    assertThat(world.data.revision()).as("writes when all is quiet").isEqualTo(revision);

    Map<String, ByteString> stored = new TreeMap<>();
    world
        .data
        .range(world.keyspace().prefix())
        .entries()
        .forEach(entry -> stored.put(entry.key(), entry.value()));
    assertThat(history.values()).as("a watch from the beginning").isEqualTo(stored);

    JobEntry job = world.committed().job(World.JOB);
    if (job == null || job.goal() == null) {
      assertThat(job).as("what is left of the deleted job").isNull();
      assertThat(world.mesos.living()).isEmpty();
      return;
    }
    assertThat(job.goal().getGoal()).isNotEqualTo(JobState.JOB_STATE_DELETED);
    checkClientsSee(job);
    checkWorkflows(job);
    for (int i = 0; i < MOST_INSTANCES; i++) {
      checkInstance(job, i);
    }
  }

  private void checkClientsSee(JobEntry job) {
    JobEntry seen = world.seenByClients().job(World.JOB);
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

  private void checkInstance(JobEntry job, int instance) {
    List<String> living = world.mesos.living().getOrDefault(World.JOB + "-" + instance, List.of());
    WorkflowState last = job.workflowStatuses().get(job.goal().getWorkflow()).getState();
    boolean done =
        last == WorkflowState.WORKFLOW_STATE_SUCCEEDED
            || last == WorkflowState.WORKFLOW_STATE_ROLLED_BACK;
    PodRecord pod = job.pods().get(instance);
    int count = job.currentSpec().getInstanceCount();
    String what = "instance " + instance + " of " + count + ", workflow " + last;
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
    } else {
      assertThat(living).as(what).isEmpty();
    }
    if (instance < count) {
      // An aborted creation or update leaves out what it has not reached, and a restart adds
      // nothing.
      wishes.check(what, instance, !living.isEmpty(), pod != null || (done && !restarts(job)));
    }
  }

  private static boolean restarts(JobEntry job) {
    return job.workflowRequests().get(job.goal().getWorkflow()).getType()
        == WorkflowType.WORKFLOW_TYPE_RESTART;
  }

  /** Which instances clients want to run, as far as that is beyond doubt. */
  private static final class Wishes {
    private final Map<Integer, Boolean> known = new TreeMap<>();

    void all(boolean run) {
      for (int i = 0; i < MOST_INSTANCES; i++) {
        known.put(i, run);
      }
    }

    void one(int instance, boolean run) {
      known.put(instance, run);
    }

    /** May have been started. */
    void perhaps(int instance) {
      if (!known.getOrDefault(instance, false)) {
        known.remove(instance);
      }
    }

    void perhapsAll() {
      for (int i = 0; i < MOST_INSTANCES; i++) {
        perhaps(i);
      }
    }

    void check(String what, int instance, boolean runs, boolean reached) {
      Boolean wanted = known.get(instance);
      if (wanted != null && (reached || !wanted)) {
        assertThat(runs).as("wish for %s", what).isEqualTo(wanted);
      }
    }
  }
}
