package peloton.admission;

import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.entitlement.Amounts;

/** Pools and pods for tests, in whole units. */
final class Pools {
  static final long UNIT = 1000;

  private Pools() {}

  static ResourcePoolSpec.Builder spec(String parent) {
    return ResourcePoolSpec.newBuilder().setParent(ResourcePoolID.newBuilder().setValue(parent));
  }

  static ResourcePoolSpec.Builder with(
      ResourcePoolSpec.Builder spec, String kind, double reservation, double limit) {
    spec.addResourcesBuilder()
        .setKind(kind)
        .setReservation(reservation)
        .setLimit(limit)
        .setShare(1)
        .setType(ReservationType.RESERVATION_TYPE_ELASTIC);
    return spec;
  }

  /** A pool below the root with CPU, and as much memory as anybody likes. */
  static ResourcePoolSpec.Builder cpu(double reservation, double limit) {
    return with(with(spec("root"), "cpu", reservation, limit), "memory", 1000, 1000);
  }

  static PodClass pod(double cpu) {
    return pod(cpu, 0, true);
  }

  static PodClass pod(double cpu, int priority, boolean preemptible) {
    return new PodClass(Amounts.of(Amounts.milli(cpu)), priority, preemptible, false, false);
  }

  static PodClass controller(double cpu) {
    return new PodClass(Amounts.of(Amounts.milli(cpu)), 0, true, false, true);
  }

  static PodClass revocable(double cpu, double memory) {
    return new PodClass(
        Amounts.of(0, Amounts.milli(memory), 0, 0, Amounts.milli(cpu)), 0, true, true, false);
  }
}
