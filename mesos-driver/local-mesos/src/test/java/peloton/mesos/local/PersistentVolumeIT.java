package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.Volume;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Persistent volumes as directories that real processes write to. */
class PersistentVolumeIT {

  @TempDir Path workDir;

  @Test
  void aVolumeOutlivesItsTaskAndEndsWithItsDestruction() throws Exception {
    var settings =
        LocalMesosSettings.real(workDir, 1).withAllocationInterval(Duration.ofMillis(20));
    var info =
        TestScheduler.framework(Capability.Type.MULTI_ROLE, Capability.Type.RESERVATION_REFINEMENT)
            .addRoles("web")
            .build();
    try (var mesos = LocalMesos.start(settings);
        var scheduler = TestScheduler.subscribed(mesos.port(), info)) {
      var offer = scheduler.expectOffer();
      accept(
          scheduler,
          offer,
          Offer.Operation.newBuilder()
              .setType(Offer.Operation.Type.RESERVE)
              .setReserve(
                  Offer.Operation.Reserve.newBuilder().addResources(volume("data").clearDisk())),
          Offer.Operation.newBuilder()
              .setType(Offer.Operation.Type.CREATE)
              .setCreate(Offer.Operation.Create.newBuilder().addVolumes(volume("data"))),
          launch(task(offer, "writer", "echo kept > data/file", "data")));
      run(scheduler, "writer");
      var kept = workDir.resolve("volumes/agent-0.local/roles/web/v1/file");
      assertThat(kept).hasContent("kept");

      var again = offerWithVolume(scheduler);
      accept(scheduler, again, launch(task(again, "reader", "cat deep/down/file", "deep/down")));
      run(scheduler, "reader");
      var sandbox =
          LocalMesos.sandbox(
              workDir, again.getAgentId().getValue(), scheduler.frameworkId(), "reader");
      assertThat(sandbox.resolve("stdout")).hasContent("kept");

      var last = offerWithVolume(scheduler);
      accept(
          scheduler,
          last,
          Offer.Operation.newBuilder()
              .setType(Offer.Operation.Type.DESTROY)
              .setDestroy(Offer.Operation.Destroy.newBuilder().addVolumes(volume("data"))));
      scheduler.expect(
          event ->
              event.getOffers().getOffersList().stream()
                  .anyMatch(
                      any ->
                          any.getResourcesList().stream()
                              .anyMatch(
                                  resource ->
                                      resource.getReservationsCount() > 0 && !resource.hasDisk())),
          "an offer of the reserved disk");
      awaitGone(kept.getParent());
    }
  }

  private static Offer offerWithVolume(TestScheduler scheduler) throws Exception {
    return scheduler
        .expect(
            event ->
                event.getOffers().getOffersList().stream()
                    .anyMatch(any -> any.getResourcesList().stream().anyMatch(Resource::hasDisk)),
            "an offer of the volume")
        .getOffers()
        .getOffers(0);
  }

  private static void run(TestScheduler scheduler, String id) throws Exception {
    scheduler.expectState(id, TaskState.TASK_STARTING);
    scheduler.expectState(id, TaskState.TASK_RUNNING);
    scheduler.expectState(id, TaskState.TASK_FINISHED);
  }

  private static TaskInfo.Builder task(Offer offer, String id, String command, String path) {
    return TestScheduler.task(offer, id, command).addResources(volume(path));
  }

  private static Offer.Operation.Builder launch(TaskInfo.Builder task) {
    return Offer.Operation.newBuilder()
        .setType(Offer.Operation.Type.LAUNCH)
        .setLaunch(Offer.Operation.Launch.newBuilder().addTaskInfos(task));
  }

  private static void accept(
      TestScheduler scheduler, Offer offer, Offer.Operation.Builder... operations)
      throws Exception {
    var accept = Call.Accept.newBuilder().addOfferIds(offer.getId());
    List.of(operations).forEach(accept::addOperations);
    accept.getFiltersBuilder().setRefuseSeconds(0);
    scheduler.call(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
  }

  private static Resource.Builder volume(String path) {
    var volume = TestScheduler.scalar("disk", 64);
    volume.getAllocationInfoBuilder().setRole("web");
    volume.addReservationsBuilder().setType(Resource.ReservationInfo.Type.DYNAMIC).setRole("web");
    volume.getDiskBuilder().getPersistenceBuilder().setId("v1");
    volume.getDiskBuilder().getVolumeBuilder().setContainerPath(path).setMode(Volume.Mode.RW);
    return volume;
  }

  private static void awaitGone(Path path) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (Files.exists(path)) {
      assertThat(System.nanoTime() - deadline).as("%s is removed", path).isNegative();
      Thread.onSpinWait();
    }
  }
}
