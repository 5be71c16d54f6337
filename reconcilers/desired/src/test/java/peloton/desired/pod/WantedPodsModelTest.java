package peloton.desired.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.desired.job.JobScene.JOB;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.desired.ApiException;
import peloton.desired.job.JobScene;
import peloton.records.PodRecord;
import peloton.store.view.RecordKey;

/**
 * Random requests, and workflows that touch instance by instance, against the plainest model: a
 * goal for each instance, set by whoever speaks last.
 */
class WantedPodsModelTest {
  private static final int SEEDS = 150;
  private static final int STEPS = 60;
  private static final int MOST_INSTANCES = 6;

  @Test
  void everyInstanceDoesWhatWasAskedOfItLast() {
    for (long seed = 0; seed < SEEDS; seed++) {
      new Walk(seed).run();
    }
  }

  private static final class Walk {
    private final long seed;
    private final Random random;
    private final JobScene scene = new JobScene();
    private final PodWriter pods =
        new PodWriter(scene.fixture.desired, scene.fixture.keys, scene.fixture.clock());
    private final List<String> story = new ArrayList<>();

    private boolean jobRuns = true;
    private List<Boolean> wanted = new ArrayList<>();
    private final Set<Integer> untouched = new TreeSet<>();

    /** When somebody last spoke of the whole job, of a pod, and began a workflow. */
    private int jobSpoke;

    private final int[] podSpoke = new int[MOST_INSTANCES];
    private int workflowBegan;

    Walk(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      scene.createAndRun();
      wanted = new ArrayList<>(List.of(true, true, true));
      for (int step = 0; step < STEPS; step++) {
        step();
        List<Boolean> actual =
            IntStream.range(0, wanted.size())
                .mapToObj(instance -> WantedPods.run(scene.job(), instance))
                .toList();
        assertThat(actual).as("seed %s: %s", seed, story).isEqualTo(wanted);
        assertThat(scene.job().goal().getGoal() == JobState.JOB_STATE_RUNNING)
            .as("seed %s: goal of the job: %s", seed, story)
            .isEqualTo(jobRuns);
      }
    }

    private void step() {
      switch (random.nextInt(10)) {
        case 0 -> startJob();
        case 1 -> stopJob();
        case 2 -> startPod();
        case 3 -> stopPod();
        case 4 -> restartPod();
        case 5 -> restartJob();
        case 6 -> replaceJob();
        case 7 -> settle();
        default -> touch();
      }
    }

    private void startJob() {
      story.add("start job");
      scene.start();
      jobRuns = true;
      jobSpoke = story.size();
      wanted.replaceAll(before -> true);
    }

    private void stopJob() {
      boolean accepted =
          accepted(
              "stop job",
              scene.writer.stop(
                  StopJobRequest.newBuilder()
                      .setJobId(JobScene.id())
                      .setVersion(JobScene.version(scene.version()))
                      .build()));
      if (accepted) {
        jobRuns = false;
        jobSpoke = story.size();
        wanted.replaceAll(before -> false);
      }
    }

    private void startPod() {
      anyInstance(
          instance -> {
            if (accepted(
                "start pod " + instance,
                pods.start(
                    StartPodRequest.newBuilder().setPodName(name(instance).toProto()).build()))) {
              runs(instance);
            }
          });
    }

    private void restartPod() {
      anyInstance(
          instance -> {
            if (accepted(
                "restart pod " + instance,
                pods.restart(
                    RestartPodRequest.newBuilder().setPodName(name(instance).toProto()).build()))) {
              runs(instance);
            }
          });
    }

    private void runs(int instance) {
      podSpoke[instance] = story.size();
      // Of a pod that is to run already nothing was asked, also not of its job.
      jobRuns |= !wanted.get(instance);
      wanted.set(instance, true);
    }

    private void stopPod() {
      anyInstance(
          instance -> {
            if (accepted(
                "stop pod " + instance,
                pods.stop(
                    StopPodRequest.newBuilder().setPodName(name(instance).toProto()).build()))) {
              wanted.set(instance, false);
              podSpoke[instance] = story.size();
            }
            if (random.nextBoolean()) {
              accepted(
                  "refresh",
                  pods.refresh(
                      RefreshPodRequest.newBuilder().setPodName(name(instance).toProto()).build()));
            }
          });
    }

    private void restartJob() {
      finishWorkflow();
      int from = random.nextInt(MOST_INSTANCES);
      int to = from + random.nextInt(3);
      RestartJobRequest.Builder request =
          RestartJobRequest.newBuilder()
              .setJobId(JobScene.id())
              .setVersion(JobScene.version(scene.version()));
      request.getRestartSpecBuilder().addRangesBuilder().setFrom(from).setTo(to);
      if (!accepted("restart job " + from + "-" + to, scene.writer.restart(request.build()))) {
        return;
      }
      workflowBegan = story.size();
      untouched.clear();
      IntStream.range(from, Math.min(to, wanted.size())).forEach(untouched::add);
      jobRuns |= !untouched.isEmpty();
    }

    private void replaceJob() {
      int count = random.nextInt(MOST_INSTANCES) + 1;
      boolean startPods = random.nextBoolean();
      boolean accepted =
          accepted(
              "replace job with " + count + (startPods ? ", start pods" : ""),
              scene.writer.replace(
                  JobScene.replaceRequest(
                      scene.version(),
                      r -> {
                        r.getSpecBuilder().setInstanceCount(count);
                        r.getUpdateSpecBuilder().setStartPods(startPods);
                      })));
      if (!accepted) {
        return;
      }
      workflowBegan = story.size();
      jobRuns |= startPods;
      while (wanted.size() > count) {
        wanted.remove(wanted.size() - 1);
      }
      untouched.clear();
      for (int instance = 0; instance < count; instance++) {
        if (instance >= wanted.size()) {
          wanted.add(jobRuns);
          podSpoke[instance] = 0;
          untouched.add(instance);
        } else if (random.nextBoolean()) {
          untouched.add(instance);
        }
      }
    }

    /** The loops take one more instance in hand. */
    private void touch() {
      if (untouched.isEmpty()) {
        scene.workflowIs(scene.job().goal().getWorkflow(), WorkflowState.WORKFLOW_STATE_SUCCEEDED);
        return;
      }
      int instance = untouched.iterator().next();
      untouched.remove(instance);
      story.add("touch " + instance);
      // Whoever speaks of the pod after the workflow began is heard, also before it gets there.
      long workflow = scene.job().goal().getWorkflow();
      boolean starts = WantedPods.starts(scene.workflow());
      PodRecord before = scene.job().pods().get(instance);
      scene.pod(
          instance,
          pod -> {
            pod.setStartedBy(starts ? workflow : before == null ? 0 : before.getStartedBy());
            pod.setState(PodState.POD_STATE_KILLED);
          });
      boolean overruled = jobSpoke > workflowBegan || podSpoke[instance] > workflowBegan;
      if (starts && !overruled) {
        wanted.set(instance, true);
      }
    }

    /** The loops bring every pod to its goal, and remove what is not to be there. */
    private void settle() {
      story.add("settle");
      for (int instance = 0; instance < MOST_INSTANCES; instance++) {
        PodRecord before = scene.job().pods().get(instance);
        if (before == null) {
          continue;
        }
        if (instance >= wanted.size()) {
          scene.fixture.deleteBelow(new RecordKey.Pod(JOB, instance).path());
        } else {
          PodState state =
              wanted.get(instance) ? PodState.POD_STATE_RUNNING : PodState.POD_STATE_KILLED;
          scene.pod(instance, pod -> pod.setStartedBy(before.getStartedBy()).setState(state));
        }
      }
    }

    private void finishWorkflow() {
      while (!untouched.isEmpty()) {
        touch();
      }
      scene.workflowIs(scene.job().goal().getWorkflow(), WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    }

    private void anyInstance(IntConsumer action) {
      if (!wanted.isEmpty()) {
        action.accept(random.nextInt(wanted.size()));
      }
    }

    private boolean accepted(String what, CompletableFuture<?> request) {
      try {
        scene.fixture.answer(request);
        story.add(what);
        return true;
      } catch (ApiException refused) {
        story.add(what + ": " + refused.code());
        return false;
      }
    }

    private static PodName name(int instance) {
      return new PodName(JOB, instance);
    }
  }
}
