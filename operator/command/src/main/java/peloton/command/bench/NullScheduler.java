package peloton.command.bench;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import peloton.mesos.driver.DriverSettings;
import peloton.mesos.driver.DriverSnapshot;
import peloton.mesos.driver.MesosDriver;
import peloton.mesos.driver.MesosEvents;
import peloton.mesos.driver.StaticMasters;

/**
 * A scheduler that accepts, acknowledges and stores nothing: how fast it is says how fast the local
 * Mesos and the driver are.
 */
final class NullScheduler implements MesosEvents {
  private final int tasks;
  private final int perOffer;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private final AtomicReference<String> failure = new AtomicReference<>();

  // Belong to the driver's thread until the last task runs.
  private MesosDriver driver;
  private long begun;
  private long calls;
  private int launched;
  private int run;

  private NullScheduler(int tasks, int hosts) {
    this.tasks = tasks;
    this.perOffer = (tasks + hosts - 1) / hosts;
  }

  /**
   * Launches so many tasks as one framework, and removes it.
   *
   * @return tasks a second from the first ACCEPT until the last acknowledgement is taken
   */
  static double measure(String master, int tasks, int hosts, Duration limit)
      throws InterruptedException {
    NullScheduler scheduler = new NullScheduler(tasks, hosts);
    FrameworkInfo framework =
        FrameworkInfo.newBuilder()
            .setName("null")
            .setUser(System.getProperty("user.name"))
            .addRoles("null")
            .addCapabilities(capability(FrameworkInfo.Capability.Type.MULTI_ROLE))
            .addCapabilities(capability(FrameworkInfo.Capability.Type.PARTITION_AWARE))
            .addCapabilities(capability(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT))
            .build();
    try (MesosDriver driver =
        new MesosDriver(
            DriverSettings.of(StaticMasters.parse(master)),
            () -> framework,
            scheduler,
            new SplittableRandom())) {
      scheduler.driver = driver;
      driver.start();
      return scheduler.finish(limit);
    }
  }

  private double finish(Duration limit) throws InterruptedException {
    boolean complete = running.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (failure.get() != null || !complete) {
      throw new BenchFailure(
          "the null scheduler did not launch its tasks: "
              + (complete ? failure.get() : run + " of " + tasks + " run after " + limit));
    }
    // Polling is too coarse for a second's work: the calls' own number says when they are through.
    while (driver.snapshot().callsAccepted() < calls) {
      if (driver.snapshot().state() != DriverSnapshot.State.SUBSCRIBED) {
        throw new BenchFailure("the null scheduler lost its subscription");
      }
      Thread.onSpinWait();
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    driver.send(Call.newBuilder().setType(Call.Type.TEARDOWN).build());
    if (!gone.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new BenchFailure("the local Mesos does not remove the null scheduler");
    }
    return tasks / seconds;
  }

  @Override
  public void event(Event event) {
    switch (event.getType()) {
      case OFFERS -> event.getOffers().getOffersList().forEach(this::accept);
      case UPDATE -> update(event.getUpdate().getStatus());
      default -> {
        // Nothing else is of interest here.
      }
    }
  }

  private void accept(Offer offer) {
    int count = Math.min(perOffer, tasks - launched);
    if (count == 0) {
      return;
    }
    if (launched == 0) {
      begun = System.nanoTime();
    }
    Offer.Operation.Launch.Builder launch = Offer.Operation.Launch.newBuilder();
    for (int i = 0; i < count; i++) {
      launch.addTaskInfos(task(offer));
    }
    launched += count;
    send(
        Call.newBuilder()
            .setType(Call.Type.ACCEPT)
            .setAccept(
                Call.Accept.newBuilder()
                    .addOfferIds(OfferID.newBuilder().setValue(offer.getId().getValue()))
                    .addOperations(
                        Offer.Operation.newBuilder()
                            .setType(Offer.Operation.Type.LAUNCH)
                            .setLaunch(launch))));
  }

  private static TaskInfo task(Offer offer) {
    TaskInfo.Builder task = TaskInfo.newBuilder().setName("null").setAgentId(offer.getAgentId());
    task.getTaskIdBuilder().setValue(UUID.randomUUID() + "-0-1");
    for (Resource resource : offer.getResourcesList()) {
      switch (resource.getName()) {
        case "cpus" -> task.addResources(part(resource, LaunchPlan.POD_CPUS));
        case "mem" -> task.addResources(part(resource, LaunchPlan.POD_MEM_MB));
        case "disk" -> task.addResources(part(resource, LaunchPlan.POD_DISK_MB));
        default -> {
          // The pods take no others.
        }
      }
    }
    return task.setCommand(CommandInfo.newBuilder().setValue(Load.COMMAND)).build();
  }

  private static Resource part(Resource resource, double amount) {
    return resource.toBuilder().setScalar(Value.Scalar.newBuilder().setValue(amount)).build();
  }

  private void update(TaskStatus status) {
    if (status.hasUuid()) {
      send(
          Call.newBuilder()
              .setType(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setAgentId(status.getAgentId())
                      .setTaskId(status.getTaskId())
                      .setUuid(status.getUuid())));
    }
    switch (status.getState()) {
      case TASK_STAGING, TASK_STARTING -> {}
      case TASK_RUNNING -> run++;
      default -> failure.compareAndSet(null, status.getState() + ": " + status.getMessage());
    }
    if (run == tasks || failure.get() != null) {
      running.countDown();
    }
  }

  private void send(Call.Builder call) {
    calls++;
    driver.send(call.build());
  }

  @Override
  public void disconnected(Disconnection disconnection) {
    if (running.getCount() > 0) {
      failure.compareAndSet(null, disconnection.detail());
      running.countDown();
    }
    gone.countDown();
  }

  private static FrameworkInfo.Capability capability(FrameworkInfo.Capability.Type type) {
    return FrameworkInfo.Capability.newBuilder().setType(type).build();
  }
}
