package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.desired.ApiException;
import peloton.records.JobGoalRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/** A client who asks this and that of one job, and remembers what was promised. */
final class RandomClient {
  private final World world;
  private final Records records;
  private final Random random;
  private final Consumer<Supplier<String>> story;
  private final String job;
  private final int mostInstances;
  private final RandomSpecs specs;
  private final Wishes wishes;
  private Optional<Peloton.EntityVersion> oldVersion = Optional.empty();

  /**
   * A client.
   *
   * @param records what is written, at any time
   * @param story hears what was asked and what came of it
   */
  RandomClient(
      World world,
      Records records,
      Random random,
      Consumer<Supplier<String>> story,
      String job,
      int mostInstances) {
    this.world = world;
    this.records = records;
    this.random = random;
    this.story = story;
    this.job = job;
    this.mostInstances = mostInstances;
    this.specs = new RandomSpecs(random, mostInstances);
    this.wishes = new Wishes(mostInstances);
  }

  String job() {
    return job;
  }

  Wishes wishes() {
    return wishes;
  }

  boolean exists() {
    JobEntry entry = records.job(job);
    return entry != null && entry.goal() != null;
  }

  private JobID id() {
    return JobID.newBuilder().setValue(job).build();
  }

  private Peloton.EntityVersion version() {
    JobGoalRecord goal = records.job(job).goal();
    return new EntityVersion(
            goal.getConfigurationVersion(),
            goal.getDesiredStateVersion(),
            goal.getWorkflowVersion())
        .toProto();
  }

  /** Asks something. */
  void ask() {
    if (!exists()) {
      create();
      return;
    }
    Peloton.EntityVersion version = version();
    switch (random.nextInt(22)) {
      case 0, 1, 2, 3 -> replace();
      case 4, 5 -> patch();
      case 6, 7 -> restart();
      case 8, 9 -> start();
      case 10 -> stop();
      case 11 -> delete();
      case 12 -> pause();
      case 13, 14 -> resume();
      case 15 -> abort();
      case 16 -> stopPod();
      case 17 -> startPod();
      case 18, 19, 20 -> restartPod();
      default -> askWhatChangesLittle();
    }
    if (exists() && !version.equals(version())) {
      oldVersion = Optional.of(version);
    }
  }

  private void create() {
    JobSpec spec = specs.job();
    UpdateSpec update = specs.update();
    CreateJobRequest.Builder create =
        CreateJobRequest.newBuilder()
            .setJobId(id())
            .setSpec(World.inPool(spec))
            .setCreateSpec(
                CreateSpec.newBuilder()
                    .setBatchSize(update.getBatchSize())
                    .setMaxInstanceRetries(update.getMaxInstanceRetries())
                    .setMaxTolerableInstanceFailures(update.getMaxTolerableInstanceFailures())
                    .setStartPaused(update.getStartPaused()));
    if (random.nextInt(4) == 0) {
      create.addSecrets(secret());
    }
    if (granted(() -> "create " + text(create.build()), world.jobs.create(create.build()))) {
      wishes.all(true);
    }
  }

  private static Secret secret() {
    byte[] content = Base64.getEncoder().encode("hush".getBytes(StandardCharsets.UTF_8));
    return Secret.newBuilder()
        .setPath("/secret")
        .setValue(Secret.Value.newBuilder().setData(ByteString.copyFrom(content)))
        .build();
  }

  private void replace() {
    JobSpec spec = specs.job();
    UpdateSpec update = specs.update();
    int count = count();
    if (granted(
        () -> "replace by " + text(spec) + " by " + text(update),
        world.jobs.replace(
            ReplaceJobRequest.newBuilder()
                .setJobId(id())
                .setVersion(version())
                .setSpec(World.inPool(spec))
                .setUpdateSpec(update)
                .build()))) {
      wishUpdated(update, Math.min(count, spec.getInstanceCount()));
    }
  }

  private void patch() {
    JobSpec patch = specs.patch();
    UpdateSpec update = specs.update();
    int count = count();
    if (granted(
        () -> "patch by " + text(patch) + " by " + text(update),
        world.jobs.patch(
            PatchJobRequest.newBuilder()
                .setJobId(id())
                .setVersion(version())
                .setSpec(patch)
                .setUpdateSpec(update)
                .build()))) {
      int wanted = patch.getInstanceCount() == 0 ? count : patch.getInstanceCount();
      wishUpdated(update, Math.min(count, wanted));
    }
  }

  /** Instances that come and go may be started by that, and an update may start all. */
  private void wishUpdated(UpdateSpec update, int lasting) {
    if (update.getStartPods()) {
      wishes.perhapsAll();
    }
    for (int i = lasting; i < mostInstances; i++) {
      wishes.perhaps(i);
    }
  }

  private int count() {
    return records.job(job).currentSpec().getInstanceCount();
  }

  private void restart() {
    RestartSpec restart = specs.restart();
    int count = count();
    RestartJobRequest.Builder request =
        RestartJobRequest.newBuilder().setJobId(id()).setVersion(version());
    if (random.nextBoolean()) {
      request.setRestartSpec(restart);
    } else {
      request.setBatchSize(restart.getBatchSize()).addAllRanges(restart.getRangesList());
    }
    if (granted(() -> "restart " + text(restart), world.jobs.restart(request.build()))) {
      for (int i = 0; i < count; i++) {
        if (restart.getRangesCount() == 0 || within(restart, i)) {
          wishes.perhaps(i);
        }
      }
    }
  }

  private static boolean within(RestartSpec restart, int instance) {
    for (InstanceIDRange range : restart.getRangesList()) {
      if (instance >= range.getFrom() && instance < range.getTo()) {
        return true;
      }
    }
    return false;
  }

  private void start() {
    if (granted(
        () -> "start",
        world.jobs.start(
            StartJobRequest.newBuilder().setJobId(id()).setVersion(version()).build()))) {
      wishes.all(true);
    }
  }

  private void stop() {
    if (granted(
        () -> "stop",
        world.jobs.stop(
            StopJobRequest.newBuilder().setJobId(id()).setVersion(version()).build()))) {
      wishes.all(false);
    }
  }

  private void delete() {
    if (random.nextInt(3) == 0) {
      granted(
          () -> "delete",
          world.jobs.delete(
              DeleteJobRequest.newBuilder()
                  .setJobId(id())
                  .setVersion(version())
                  .setForce(random.nextBoolean())
                  .build()));
    }
  }

  private void pause() {
    granted(
        () -> "pause",
        world.jobs.pauseWorkflow(
            PauseJobWorkflowRequest.newBuilder().setJobId(id()).setVersion(version()).build()));
  }

  void resume() {
    granted(
        () -> "resume",
        world.jobs.resumeWorkflow(
            ResumeJobWorkflowRequest.newBuilder().setJobId(id()).setVersion(version()).build()));
  }

  private void abort() {
    granted(
        () -> "abort",
        world.jobs.abortWorkflow(
            AbortJobWorkflowRequest.newBuilder().setJobId(id()).setVersion(version()).build()));
  }

  private Peloton.PodName pod(int instance) {
    return new PodName(job, instance).toProto();
  }

  private void stopPod() {
    int instance = specs.instance();
    if (granted(
        () -> "stop pod " + instance,
        world.pods.stop(StopPodRequest.newBuilder().setPodName(pod(instance)).build()))) {
      wishes.one(instance, false);
    }
  }

  private void startPod() {
    int instance = specs.instance();
    if (granted(
        () -> "start pod " + instance,
        world.pods.start(StartPodRequest.newBuilder().setPodName(pod(instance)).build()))) {
      wishes.one(instance, true);
    }
  }

  private void restartPod() {
    int instance = specs.instance();
    boolean sla = random.nextInt(3) > 0;
    if (granted(
        () -> "restart pod " + instance + (sla ? " within the bound" : ""),
        world.pods.restart(
            RestartPodRequest.newBuilder().setPodName(pod(instance)).setCheckSla(sla).build()))) {
      wishes.one(instance, true);
    }
  }

  private void askWhatChangesLittle() {
    int instance = specs.instance();
    switch (random.nextInt(4)) {
      case 0 ->
          granted(
              () -> "refresh",
              world.jobs.refresh(RefreshJobRequest.newBuilder().setJobId(id()).build()));
      case 1 ->
          granted(
              () -> "refresh pod " + instance,
              world.pods.refresh(RefreshPodRequest.newBuilder().setPodName(pod(instance)).build()));
      case 2 -> {
        long run = 1 + random.nextInt(4);
        granted(
            () -> "delete the events of run " + run + " of pod " + instance,
            world.pods.deleteEvents(
                DeletePodEventsRequest.newBuilder()
                    .setPodName(pod(instance))
                    .setPodId(
                        PodID.newBuilder().setValue(new PodName(job, instance).run(run).toString()))
                    .build()));
      }
      default -> oldVersion.filter(old -> !old.equals(version())).ifPresent(this::stopAnOldVersion);
    }
  }

  private void stopAnOldVersion(Peloton.EntityVersion old) {
    assertThat(
            granted(
                () -> "stop version " + old.getValue(),
                world.jobs.stop(
                    StopJobRequest.newBuilder().setJobId(id()).setVersion(old).build())))
        .as("a request for an old version is granted")
        .isFalse();
  }

  /** Asks, and says whether it was granted: whoever asks at random is refused now and then. */
  private boolean granted(Supplier<String> what, CompletableFuture<?> request) {
    try {
      world.call(request);
      story.accept(() -> job.charAt(0) + ": " + what.get());
      return true;
    } catch (ApiException refused) {
      story.accept(() -> job.charAt(0) + ": " + what.get() + ": refused, " + refused.getMessage());
      assertThat(refused.code())
          .isIn(
              ApiException.Code.ABORTED,
              ApiException.Code.INVALID_ARGUMENT,
              ApiException.Code.NOT_FOUND,
              ApiException.Code.ALREADY_EXISTS);
      return false;
    }
  }

  private static String text(Message message) {
    return TextFormat.printer().shortDebugString(message);
  }
}
