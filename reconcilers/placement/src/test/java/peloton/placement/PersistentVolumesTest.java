package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;
import peloton.placement.PersistentVolumes.OperationName;
import peloton.placement.PersistentVolumes.Owner;
import peloton.placement.PersistentVolumes.Step;
import peloton.placement.PersistentVolumes.Trace;

/** Volumes in offers, and what is asked of Mesos for them. */
class PersistentVolumesTest {
  private static final Owner OWNER = new Owner("web", Optional.of("me"));

  @Test
  void aNewVolumeIsReservedAndCreatedInTheNameOfThePrincipal() {
    AgentOffers.Purse purse = offers(disk(100), disk(50)).open();
    AgentOffers.Purse.Volume made = purse.newVolume("v", 120, "data", OWNER, "7").orElseThrow();

    assertThat(purse.available("disk", false)).isEqualTo(30_000);
    assertThat(made.id()).isEqualTo("v");
    Resource volume = made.resource();
    assertThat(volume.getScalar().getValue()).isEqualTo(120);
    assertThat(volume.getDisk().getPersistence().getPrincipal()).isEqualTo("me");
    assertThat(volume.getDisk().getVolume().getContainerPath()).isEqualTo("data");
    assertThat(volume.getReservations(0).getRole()).isEqualTo("web");
    assertThat(volume.getReservations(0).getPrincipal()).isEqualTo("me");
    assertThat(made.operations())
        .extracting(operation -> operation.getType() + " " + operation.getId().getValue())
        .containsExactly("RESERVE reserve.v.7", "CREATE create.v.7");
    assertThat(made.operations().get(0).getReserve().getResources(0))
        .isEqualTo(volume.toBuilder().clearDisk().build());
    assertThat(made.operations().get(1).getCreate().getVolumes(0)).isEqualTo(volume);
    assertThat(purse.newVolume("w", 31, "data", OWNER, "7")).isEmpty();
  }

  @Test
  void aVolumeThatIsOfferedIsForItsPodOnlyAndIsNoPlainDisk() {
    Resource volume = volume("v", 100);
    AgentOffers held = offers(disk(10), volume, reservation("r", 20));

    assertThat(held.capacity().disk()).isEqualTo(10_000);
    assertThat(held.volumes())
        .containsExactly(new Trace("v", true, volume), new Trace("r", false, reservation("r", 20)));
    AgentOffers.Purse purse = held.open();
    assertThat(purse.takeVolume("r", "x")).isEmpty();
    AgentOffers.Purse.Volume taken = purse.takeVolume("v", "elsewhere").orElseThrow();
    assertThat(taken.operations()).isEmpty();
    assertThat(taken.resource().getDisk().getVolume().getContainerPath()).isEqualTo("elsewhere");
    assertThat(purse.takeVolume("v", "elsewhere")).isEmpty();
  }

  @Test
  void diskThatIsReservedOrHasASourceMakesNoVolume() {
    Resource.Builder mount = disk(100).toBuilder();
    mount.getDiskBuilder().getSourceBuilder().setType(Resource.DiskInfo.Source.Type.MOUNT);
    Resource.Builder theirs = disk(100).toBuilder();
    theirs.addReservationsBuilder().setType(Resource.ReservationInfo.Type.STATIC).setRole("web");
    AgentOffers.Purse purse = offers(mount.build(), theirs.build()).open();
    assertThat(purse.newVolume("v", 1, "data", OWNER, "1")).isEmpty();
  }

  @Test
  void aVolumeIsDestroyedBeforeItsDiskIsUnreserved() {
    Resource volume = volume("v", 100);
    List<Offer.Operation> undo = PersistentVolumes.undo(new Trace("v", true, volume), "o-1");
    assertThat(undo)
        .extracting(operation -> operation.getId().getValue())
        .containsExactly("destroy.v.o-1", "unreserve.v.o-1");
    assertThat(undo.get(0).getDestroy().getVolumes(0)).isEqualTo(volume);
    assertThat(undo.get(1).getUnreserve().getResources(0)).isEqualTo(reservation("v", 100));
    assertThat(PersistentVolumes.undo(new Trace("r", false, reservation("r", 1)), "o-1"))
        .hasSize(1);
  }

  @Test
  void namesOfOperationsAreReadBackAndOthersAreNot() {
    OperationName name = new OperationName(Step.CREATE, "v", "a.b-1");
    assertThat(OperationName.parse(name.toString())).contains(name);
    assertThat(OperationName.parse("grow.v.1")).isEmpty();
    assertThat(OperationName.parse("create.v")).isEmpty();
    assertThat(OperationName.parse("")).isEmpty();
  }

  @Test
  void aPodWithANewVolumeNeedsTheDiskForIt() {
    AgentIndex index = new AgentIndex(PlacementSettings.DEFAULT);
    AgentOffers held = offers(disk(100), scalar("cpus", 4), scalar("mem", 4096));
    index.offered(held.agentId(), held.hostname(), List.of(), held.capacity());
    var pod = peloton.api.v1alpha.pod.Pod.PodSpec.newBuilder();
    pod.addContainersBuilder().getResourceBuilder().setCpuLimit(1).setMemLimitMb(1);
    pod.getVolumeBuilder().setSizeMb(200).setContainerPath("data");

    Refusals refusals = new Pass(index, 1).explain(Shape.of(pod.build()));

    assertThat(refusals.never()).isTrue();
    assertThat(refusals.remedy())
        .isEqualTo(
            "it asks for 200 MB of disk, and no host that it may use has more than 100 MB of disk");
  }

  private static AgentOffers offers(Resource... resources) {
    Offer.Builder offer =
        Offer.newBuilder().setHostname("host").addAllResources(List.of(resources));
    offer.getIdBuilder().setValue("o-1");
    offer.getFrameworkIdBuilder().setValue("f");
    offer.getAgentIdBuilder().setValue("a");
    return new AgentOffers(offer.build(), 0);
  }

  private static Resource disk(double amount) {
    return scalar("disk", amount);
  }

  private static Resource scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount))
        .build();
  }

  private static Resource reservation(String id, double amount) {
    return PersistentVolumes.reserved(disk(amount), id, OWNER);
  }

  private static Resource volume(String id, double amount) {
    return PersistentVolumes.created(reservation(id, amount), id, "data", OWNER);
  }
}
