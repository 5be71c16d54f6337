package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.loop.FrameworkSettings;
import peloton.loop.LoopSettings;
import peloton.pod.Backoff;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.store.memory.MemoryData;
import peloton.store.view.JobEntry;

/**
 * A story that a seed tells: clients of several jobs who want this and that, pods that fail,
 * updates that get lost, come twice or late, leaders that die or do not know that they are
 * followed, a store that is away. After each step everything written must be sound; when at last
 * all is quiet, the world must be as the clients were promised. The same seed tells the same story.
 */
public final class RandomWalk {
  private static final int STEPS = Integer.getInteger("steps", 40);
  private static final int MOST_JOBS = 3;
  private static final int MOST_INSTANCES = 5;

  private static final List<Component> LOCKABLE =
      List.of(Component.GoalStateEngine, Component.Kill, Component.Launch);
  private static final PodGoalRecord NOTHING_ASKED = PodGoalRecord.getDefaultInstance();

  /** Shorter waits than in a cluster: a story has to come to rest. */
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(2));

  private static final Duration LAUNCH_TIMEOUT = Duration.ofMinutes(4);
  private static final Duration REST = Duration.ofMinutes(12);

  /** By then a writer has tried again what it could not write before. */
  private static final Duration WRITES_RETRIED = Duration.ofSeconds(3);

  private final Random random;
  private final boolean compacting;
  private final CrashPoints crashPoints = CrashPoints.none();
  private final World world =
      new World(
          crashPoints,
          LoopSettings.defaults(FrameworkSettings.DEFAULT)
              .withRetries(BACKOFF, LAUNCH_TIMEOUT, Duration.ofSeconds(60)));
  private final History history = new History(world.keyspace());
  private final List<RandomClient> clients = new ArrayList<>();
  private final List<Supplier<String>> story = new ArrayList<>();
  private int agents;

  private RandomWalk(long seed, boolean compacting) {
    this.random = new Random(seed);
    this.compacting = compacting;
    int jobs = 1 + random.nextInt(MOST_JOBS);
    for (int i = 1; i <= jobs; i++) {
      String job = World.JOB.replace('1', (char) ('0' + i));
      clients.add(
          new RandomClient(world, history.records(), random, story::add, job, MOST_INSTANCES));
    }
  }

  /** Tells the story of a seed; fails with the story so far. */
  static void run(long seed) {
    tell(seed, true);
  }

  /** Tells the story of a seed without a compaction; the store as it is at the end. */
  public static MemoryData tell(long seed) {
    return tell(seed, false);
  }

  private static MemoryData tell(long seed, boolean compacting) {
    RandomWalk walk = new RandomWalk(seed, compacting);
    try {
      walk.walk();
      return walk.world.data;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed "
              + seed
              + " fails after\n  "
              + walk.story.stream().map(Supplier::get).collect(Collectors.joining("\n  "))
              + "\nwith "
              + walk.pods(),
          e);
    }
  }

  private String pods() {
    StringBuilder text = new StringBuilder();
    for (JobEntry job : history.records().jobs()) {
      text.append("\n  ").append(job.id()).append(' ').append(job.status().getState());
      job.workflowStatuses()
          .values()
          .forEach(w -> text.append(", ").append(w.getNumber()).append(' ').append(w.getState()));
      for (int i = 0; i < job.pods().bound(); i++) {
        PodRecord pod = job.pods().get(i);
        text.append("\n    ").append(i).append(": ");
        text.append(pod == null ? "none" : text(pod.toBuilder().clearEvents().build()));
        text.append(" asked ").append(text(job.podGoals().getOrDefault(i, NOTHING_ASKED)));
      }
    }
    return text.toString();
  }

  private void walk() {
    for (int i = 0; i < 2 + random.nextInt(3); i++) {
      addAgent(1 + random.nextInt(5));
    }
    world.mesos.failCommand(RandomSpecs.BAD, "Command exited with status 1");
    world.start();
    world.watchAll(history);
    for (int i = 0; i < STEPS; i++) {
      history.forgetOldLimits();
      step();
      world.drain();
      checkNow();
    }
    settle();
    new PromisedEnd(world, history, MOST_INSTANCES).check(clients);
  }

  private void addAgent(int cpus) {
    world.mesos.addAgent("agent-" + agents++, cpus, 65536);
  }

  // ---- what happens --------------------------------------------------------------------

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 50) {
      clients.get(random.nextInt(clients.size())).ask();
    } else if (dice < 75) {
      disturb();
    }
    Duration time = Duration.ofMillis(500L * random.nextInt(random.nextInt(5) == 0 ? 80 : 8));
    if (!time.isZero()) {
      tell("%s pass", time);
      world.advance(time);
    }
  }

  private String anyPod() {
    return clients.get(random.nextInt(clients.size())).job() + "-" + random.nextInt(MOST_INSTANCES);
  }

  private void disturb() {
    switch (random.nextInt(4)) {
      case 0 -> disturbTasks();
      case 1 -> disturbUpdates();
      case 2 -> disturbLeaders();
      default -> disturbCluster();
    }
  }

  private void disturbTasks() {
    String pod = anyPod();
    switch (random.nextInt(6)) {
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
      default -> {
        boolean healthy = random.nextBoolean();
        tell("%s is %s", pod, healthy ? "healthy" : "sick");
        world.mesos.health(pod, healthy);
      }
    }
  }

  private void disturbUpdates() {
    int updates = 1 + random.nextInt(4);
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        boolean hold = random.nextBoolean();
        tell(hold ? "tasks stay in STAGING" : "tasks start again");
        world.mesos.holdStarts(hold);
      }
      case 2 -> {
        tell("%s updates get lost", updates);
        world.mesos.loseUpdates(updates);
      }
      case 3 -> {
        tell("%s updates come twice", updates);
        world.mesos.doubleUpdates(updates);
      }
      default -> {
        tell("%s updates come late", updates);
        world.mesos.delayUpdates(updates);
      }
    }
  }

  private void disturbLeaders() {
    switch (random.nextInt(7)) {
      case 0, 1 -> {
        tell("the leader dies");
        world.restart();
      }
      case 2, 3 -> {
        int points = random.nextInt(30);
        tell("the leader is to die after %s writes and calls", points);
        crashPoints.arm(points);
      }
      case 4 -> {
        tell("another leader takes over from one that does not know");
        world.usurp();
      }
      default -> {
        Duration length = Duration.ofSeconds(random.nextInt(20));
        boolean forgetful = compacting && random.nextBoolean();
        tell(
            "the leader cannot reach the store for %s%s",
            length, forgetful ? ", and reads anew" : "");
        history.checkBounds(false);
        world.partition(length, forgetful);
        world.advance(WRITES_RETRIED);
        history.checkBounds(true);
      }
    }
  }

  private void disturbCluster() {
    switch (random.nextInt(8)) {
      case 0 -> {
        tell("all offers are rescinded");
        world.mesos.rescindAll();
      }
      case 1 -> {
        boolean withhold = random.nextBoolean();
        tell(withhold ? "no more offers" : "offers again");
        world.mesos.withholdOffers(withhold);
      }
      case 2, 3 -> {
        tell("the connection to Mesos breaks");
        world.reconnect();
      }
      case 4, 5, 6 -> {
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

  private void tell(String what, Object... arguments) {
    story.add(() -> String.format(what, arguments));
  }

  private static String text(com.google.protobuf.Message message) {
    return com.google.protobuf.TextFormat.printer().shortDebugString(message);
  }

  // ---- what must be so -----------------------------------------------------------------

  private void checkNow() {
    assertThat(world.failures()).as("jobs that could not be reconciled").isZero();
    assertThat(world.mesos.violations()).isEmpty();
    world
        .mesos
        .living()
        .forEach((pod, tasks) -> assertThat(tasks).as("living tasks of %s", pod).hasSize(1));
  }

  /** Lets everything come to rest: nothing fails any more, and there is room for all. */
  private void settle() {
    world.lockDown();
    world.mesos.heal();
    world.mesos.loseUpdates(0);
    world.mesos.delayUpdates(0);
    world.mesos.holdStarts(false);
    world.mesos.withholdOffers(false);
    crashPoints.arm(Long.MAX_VALUE / 2);
    addAgent(32);
    for (RandomClient client : clients) {
      for (int i = 0; i < MOST_INSTANCES; i++) {
        world.mesos.health(client.job() + "-" + i, true);
      }
    }
    world.reconnect();
    for (RandomClient client : clients) {
      if (client.exists() && random.nextInt(3) > 0) {
        client.resume();
      }
    }
    world.advance(Duration.ofSeconds(5));
    world.idle(REST);
    checkNow();
  }
}
