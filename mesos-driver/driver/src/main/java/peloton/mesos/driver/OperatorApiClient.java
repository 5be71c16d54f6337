package peloton.mesos.driver;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;
import peloton.mesos.driver.MesosOperatorException.Kind;

/**
 * The operator API over HTTP. One thread makes one call after the other, each on a connection of
 * its own: there are few of them, and none is urgent. Masters are found and redirects followed as
 * for subscriptions; the same credential is sent.
 */
public final class OperatorApiClient implements MesosOperatorApi, AutoCloseable {
  private static final String PATH = "/api/v1";

  /**
   * So many calls may wait; more are refused, since whoever makes them does not look at answers.
   */
  private static final int MAX_WAITING = 1000;

  private final DriverSettings settings;
  private final MasterRoute route;
  private final ThreadPoolExecutor thread;
  private volatile MasterConnection open = new MasterConnection();
  private volatile boolean closed;

  /** Ready at once; nothing is sent before the first call. */
  public OperatorApiClient(DriverSettings settings) {
    this.settings = settings;
    this.route = new MasterRoute(settings.masters(), settings.tls().isPresent());
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            work -> {
              Thread worker = new Thread(work, "mesos-operator");
              worker.setDaemon(true);
              return worker;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  public CompletionStage<String> version() {
    return ask(
        Call.Type.GET_VERSION, response -> response.getGetVersion().getVersionInfo().getVersion());
  }

  @Override
  public CompletionStage<Set<MasterInfo.Capability.Type>> capabilities() {
    return ask(
        Call.Type.GET_MASTER,
        response -> {
          Set<MasterInfo.Capability.Type> types = new HashSet<>();
          response
              .getGetMaster()
              .getMasterInfo()
              .getCapabilitiesList()
              .forEach(capability -> types.add(capability.getType()));
          return Set.copyOf(types);
        });
  }

  @Override
  public CompletionStage<List<Response.GetAgents.Agent>> agents() {
    return ask(Call.Type.GET_AGENTS, response -> response.getGetAgents().getAgentsList());
  }

  @Override
  public CompletionStage<Schedule> maintenanceSchedule() {
    return ask(
        Call.Type.GET_MAINTENANCE_SCHEDULE,
        response -> response.getGetMaintenanceSchedule().getSchedule());
  }

  @Override
  public CompletionStage<ClusterStatus> maintenanceStatus() {
    return ask(
        Call.Type.GET_MAINTENANCE_STATUS,
        response -> response.getGetMaintenanceStatus().getStatus());
  }

  @Override
  public CompletionStage<Void> updateMaintenanceSchedule(Schedule schedule) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.UPDATE_MAINTENANCE_SCHEDULE)
            .setUpdateMaintenanceSchedule(
                Call.UpdateMaintenanceSchedule.newBuilder().setSchedule(schedule)));
  }

  @Override
  public CompletionStage<Void> startMaintenance(List<MachineID> machines) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.START_MAINTENANCE)
            .setStartMaintenance(Call.StartMaintenance.newBuilder().addAllMachines(machines)));
  }

  @Override
  public CompletionStage<Void> stopMaintenance(List<MachineID> machines) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.STOP_MAINTENANCE)
            .setStopMaintenance(Call.StopMaintenance.newBuilder().addAllMachines(machines)));
  }

  @Override
  public CompletionStage<Void> drainAgent(
      AgentID agent, Optional<Duration> maxGracePeriod, boolean markGone) {
    Call.DrainAgent.Builder drain =
        Call.DrainAgent.newBuilder().setAgentId(agent).setMarkGone(markGone);
    maxGracePeriod.ifPresent(
        grace ->
            drain.setMaxGracePeriod(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(grace.getSeconds())
                    .setNanos(grace.getNano())));
    return order(Call.newBuilder().setType(Call.Type.DRAIN_AGENT).setDrainAgent(drain));
  }

  @Override
  public CompletionStage<Void> deactivateAgent(AgentID agent) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.DEACTIVATE_AGENT)
            .setDeactivateAgent(Call.DeactivateAgent.newBuilder().setAgentId(agent)));
  }

  @Override
  public CompletionStage<Void> reactivateAgent(AgentID agent) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.REACTIVATE_AGENT)
            .setReactivateAgent(Call.ReactivateAgent.newBuilder().setAgentId(agent)));
  }

  @Override
  public CompletionStage<Void> markAgentGone(AgentID agent) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.MARK_AGENT_GONE)
            .setMarkAgentGone(Call.MarkAgentGone.newBuilder().setAgentId(agent)));
  }

  @Override
  public CompletionStage<Void> destroyVolumes(AgentID agent, List<Resource> volumes) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.DESTROY_VOLUMES)
            .setDestroyVolumes(
                Call.DestroyVolumes.newBuilder().setAgentId(agent).addAllVolumes(volumes)));
  }

  @Override
  public CompletionStage<Void> unreserveResources(AgentID agent, List<Resource> resources) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.UNRESERVE_RESOURCES)
            .setUnreserveResources(
                Call.UnreserveResources.newBuilder().setAgentId(agent).addAllResources(resources)));
  }

  @Override
  public CompletionStage<Void> tearDown(FrameworkID framework) {
    return order(
        Call.newBuilder()
            .setType(Call.Type.TEARDOWN)
            .setTeardown(Call.Teardown.newBuilder().setFrameworkId(framework)));
  }

  /** Ends the call that is under way and drops those that wait: they fail as unavailable. */
  @Override
  public void close() {
    closed = true;
    thread.shutdown();
    open.close();
  }

  private <T> CompletionStage<T> ask(Call.Type type, Function<Response, T> read) {
    return call(
        Call.newBuilder().setType(type).build(),
        body -> {
          Response response = Response.parseFrom(body);
          // The names of the two enums are the same; only their numbers differ.
          if (!response.getType().name().equals(type.name())) {
            throw new InvalidProtocolBufferException("its type is " + response.getType());
          }
          return read.apply(response);
        });
  }

  private CompletionStage<Void> order(Call.Builder call) {
    return call(call.build(), body -> null);
  }

  private <T> CompletionStage<T> call(Call call, Reader<T> reader) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            try {
              answer.complete(callNow(call, reader));
            } catch (RuntimeException e) {
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          failure(
              Kind.UNAVAILABLE,
              0,
              call,
              closed ? "the client is closed" : "more than " + MAX_WAITING + " calls wait"));
    }
    return answer;
  }

  /** Tries each configured master once, and follows redirects in between. */
  private <T> T callNow(Call call, Reader<T> reader) {
    int masters = Math.max(1, settings.masters().masters().size());
    String last = "no Mesos master is known";
    while (masters > 0 && !closed) {
      Optional<MasterAddress> master = route.next();
      if (master.isEmpty()) {
        break;
      }
      Attempt<T> attempt = attempt(master.get(), call, reader);
      if (attempt.location().isPresent()) {
        Optional<String> refusal = route.follow(master.get(), attempt.location().get());
        if (refusal.isEmpty()) {
          continue;
        }
        last = refusal.get();
      } else if (attempt.unavailable().isEmpty()) {
        route.ended(true);
        return attempt.result();
      } else {
        last = attempt.unavailable().get();
      }
      route.ended(false);
      masters--;
    }
    throw failure(Kind.UNAVAILABLE, 0, call, closed ? "the client is closed" : last);
  }

  /**
   * One request to one master.
   *
   * @param location where to ask instead
   * @param unavailable why this master cannot be asked
   */
  private record Attempt<T>(T result, Optional<String> location, Optional<String> unavailable) {
    static <T> Attempt<T> unavailable(String why) {
      return new Attempt<>(null, Optional.empty(), Optional.of(why));
    }
  }

  private <T> Attempt<T> attempt(MasterAddress master, Call call, Reader<T> reader) {
    try (MasterConnection connection = new MasterConnection()) {
      open = connection;
      try {
        connection.connect(master, settings);
      } catch (IOException e) {
        return Attempt.unavailable(master + " cannot be reached: " + e.getMessage());
      }
      Reply reply;
      byte[] body;
      try {
        connection.write(
            RequestHead.of(master, PATH, settings.credential(), Optional.empty()),
            call.toByteArray());
        connection.flush();
        reply = connection.read();
        if (!reply.isSuccess()) {
          return refused(master, call, reply);
        }
        body = whole(reply.body());
      } catch (IOException e) {
        throw failure(Kind.UNKNOWN_OUTCOME, 0, call, master + " did not answer: " + e.getMessage());
      }
      try {
        return new Attempt<>(reader.read(body), Optional.empty(), Optional.empty());
      } catch (InvalidProtocolBufferException e) {
        throw failure(
            Kind.UNKNOWN_OUTCOME,
            reply.status(),
            call,
            master + " answered with what is no answer to it: " + e.getMessage());
      }
    }
  }

  private static <T> Attempt<T> refused(MasterAddress master, Call call, Reply reply) {
    switch (reply.status()) {
      case HttpStatus.SC_TEMPORARY_REDIRECT:
        return new Attempt<>(
            null, reply.header(HttpHeaders.LOCATION).or(() -> Optional.of("")), Optional.empty());
      case HttpStatus.SC_SERVICE_UNAVAILABLE:
        return Attempt.unavailable(master + " says " + reply.describe());
      case HttpStatus.SC_UNAUTHORIZED:
      case HttpStatus.SC_FORBIDDEN:
        throw failure(
            Kind.UNAUTHORIZED, reply.status(), call, master + " says " + reply.describe());
      default:
        throw failure(Kind.REFUSED, reply.status(), call, master + " says " + reply.describe());
    }
  }

  private byte[] whole(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(settings.maxRecordBytes());
    if (bytes.length == settings.maxRecordBytes() && body.read() >= 0) {
      throw new IOException("the answer is longer than " + settings.maxRecordBytes() + " bytes");
    }
    return bytes;
  }

  private static MesosOperatorException failure(Kind kind, int status, Call call, String detail) {
    return new MesosOperatorException(
        kind, status, "Mesos operator call " + call.getType() + ": " + detail);
  }

  private interface Reader<T> {
    T read(byte[] body) throws InvalidProtocolBufferException;
  }
}
