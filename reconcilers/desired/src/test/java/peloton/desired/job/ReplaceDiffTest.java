package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.desired.job.JobScene.JOB;
import static peloton.desired.job.JobScene.POOL;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffResponse;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;
import peloton.desired.ApiException.Code;
import peloton.store.view.RecordKey;

class ReplaceDiffTest {
  private final JobScene scene = new JobScene();

  @Test
  void theSameSpecificationChangesNothing() {
    scene.createAndRun();

    assertDiff(diff("1-1-1", spec -> {}), "", "", "", "0-3");
    assertThat(scene.version()).isEqualTo("1-1-1");
  }

  @Test
  void whatIsOnlyOfTheJobTouchesNoPod() {
    scene.createAndRun();

    assertDiff(
        diff(
            "1-1-1",
            spec -> {
              spec.setName("api").setOwner("me").setDescription("text").addLdapGroups("g");
              spec.addLabels(Specs.label("a", "b"));
              spec.getSlaBuilder().setMaximumUnavailableInstances(2).setPriority(3);
            }),
        "",
        "",
        "",
        "0-3");
  }

  @Test
  void growingAddsAndShrinkingRemoves() {
    scene.createAndRun();

    assertDiff(diff("1-1-1", spec -> spec.setInstanceCount(5)), "3-5", "", "", "0-3");
    assertDiff(diff("1-1-1", spec -> spec.setInstanceCount(1)), "", "1-3", "", "0-1");
    assertDiff(diff("1-1-1", spec -> spec.setInstanceCount(0)), "", "0-3", "", "");
  }

  @Test
  void aChangeOfOneInstanceTouchesThatOneOnly() {
    scene.createAndRun(spec -> spec.setInstanceCount(5));

    assertDiff(
        diff(
            "1-1-1",
            spec ->
                spec.setInstanceCount(5)
                    .putInstanceSpec(
                        2, Specs.pod(pod -> pod.addLabels(Specs.label("canary", "yes"))))),
        "",
        "",
        "2-3",
        "0-2;3-5");
  }

  @Test
  void aChangeOfTheDefaultTouchesWhoeverFollowsIt() {
    scene.createAndRun();

    assertDiff(
        diff(
            "1-1-1",
            spec ->
                spec.getDefaultSpecBuilder()
                    .getContainersBuilder(0)
                    .getEntrypointBuilder()
                    .setValue("other")),
        "",
        "",
        "0-3",
        "");
  }

  @Test
  void podsAreComparedWithWhatTheyRunNotWithWhatTheJobIsOn() {
    scene.createAndRun();
    scene.replace(
        "1-1-1",
        r ->
            r.getSpecBuilder()
                .getDefaultSpecBuilder()
                .getContainersBuilder(0)
                .getEntrypointBuilder()
                .setValue("other"));
    scene.pod(0, pod -> pod.setVersion(2).setDesiredVersion(2));

    assertDiff(diff("2-1-2", spec -> {}), "", "", "0-1", "1-3");
  }

  @Test
  void podsOnTheirWayElsewhereCountAsUpdated() {
    scene.createAndRun();
    scene.pod(0, pod -> pod.setDesiredVersion(2));
    scene.pod(1, pod -> pod.setDesiredRun(2));

    assertDiff(diff("1-1-1", spec -> {}), "", "", "0-2", "2-3");
  }

  @Test
  void aPodOnAVersionThatIsNotKeptCountsAsUpdated() {
    scene.createAndRun();
    scene.pod(1, pod -> pod.setVersion(9).setDesiredVersion(9));

    assertDiff(diff("1-1-1", spec -> {}), "", "", "1-2", "0-1;2-3");
  }

  @Test
  void anInstanceThatWasNeverLaunchedIsAdded() {
    scene.createAndRun();
    scene.fixture.deleteBelow(new RecordKey.Pod(JOB, 1).path());
    scene.pod(2, pod -> pod.setState(PodState.POD_STATE_FAILED));

    assertDiff(diff("1-1-1", spec -> {}), "1-2", "", "", "0-1;2-3");
  }

  @Test
  void aFailureCountBeyondItsBoundIsNoDifference() {
    scene.createAndRun(
        spec -> spec.getDefaultSpecBuilder().getRestartPolicyBuilder().setMaxFailures(5_000));

    assertDiff(
        diff(
            "1-1-1",
            spec -> spec.getDefaultSpecBuilder().getRestartPolicyBuilder().setMaxFailures(700)),
        "",
        "",
        "",
        "0-3");
  }

  @Test
  void refusesWhatAReplacementWouldBeRefusedFor() {
    scene.assertRefused(
        scene.writer.diff(GetReplaceJobDiffRequest.getDefaultInstance()),
        Code.INVALID_ARGUMENT,
        "job_id: jobID is not valid UUID");
    scene.assertRefused(request("1-1-1", spec -> {}), Code.NOT_FOUND, JOB);
    scene.createAndRun();
    scene.assertRefused(request("1-1-2", spec -> {}), Code.ABORTED, "unexpected entity version");
    scene.assertRefused(
        request("1-1-1", spec -> spec.getRespoolIdBuilder().setValue("other")),
        Code.INVALID_ARGUMENT,
        "resource pool identifier is immutable");
    scene.assertRefused(
        request("1-1-1", spec -> spec.setInstanceCount(-1)),
        Code.INVALID_ARGUMENT,
        "spec.instance_count: given 4294967295");
    scene.assertRefused(
        request(
            "1-1-1",
            spec ->
                spec.getDefaultSpecBuilder()
                    .addVolumesBuilder()
                    .setName("scratch")
                    .setType(VolumeSpec.VolumeType.VOLUME_TYPE_EMPTY_DIR)
                    .getEmptyDirBuilder()
                    .setMedium("Memory")),
        Code.UNIMPLEMENTED,
        "volume");
  }

  private GetReplaceJobDiffResponse diff(String version, Consumer<JobSpec.Builder> change) {
    return scene.fixture.answer(request(version, change));
  }

  private CompletableFuture<GetReplaceJobDiffResponse> request(
      String version, Consumer<JobSpec.Builder> change) {
    JobSpec.Builder spec = Specs.job(POOL).toBuilder();
    change.accept(spec);
    return scene.writer.diff(
        GetReplaceJobDiffRequest.newBuilder()
            .setJobId(JobScene.id())
            .setVersion(JobScene.version(version))
            .setSpec(spec)
            .build());
  }

  private static void assertDiff(
      GetReplaceJobDiffResponse diff,
      String added,
      String removed,
      String updated,
      String unchanged) {
    assertThat(text(diff.getInstancesAddedList())).as("added").isEqualTo(added);
    assertThat(text(diff.getInstancesRemovedList())).as("removed").isEqualTo(removed);
    assertThat(text(diff.getInstancesUpdatedList())).as("updated").isEqualTo(updated);
    assertThat(text(diff.getInstancesUnchangedList())).as("unchanged").isEqualTo(unchanged);
  }

  private static String text(List<InstanceIDRange> ranges) {
    return String.join(
        ";", ranges.stream().map(range -> range.getFrom() + "-" + range.getTo()).toList());
  }
}
