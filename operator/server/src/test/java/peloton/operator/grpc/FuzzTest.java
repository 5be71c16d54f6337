package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.POOL;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.host.svc.HostServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.volume.svc.VolumeServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.operator.TestCluster;
import peloton.operator.sandbox.AgentDirectory.AgentAddress;
import peloton.store.view.RecordKey;

/**
 * Sends nonsense to every method: each call ends, and ends with a status that says something. The
 * system property {@code fuzz} sets how many calls each method gets, {@code fuzzSeed} where they
 * begin.
 */
class FuzzTest {
  private static final int CALLS = Integer.getInteger("fuzz", 300);
  private static final long SEED = Long.getLong("fuzzSeed", 1);
  private static final Set<Status.Code> NEVER =
      Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.DEADLINE_EXCEEDED);
  private static final List<String> TEXTS =
      List.of(
          "",
          JOB,
          JOB + "-0",
          JOB + "-1",
          JOB + "-0-1",
          JOB + "-1-2",
          JOB + "-4294967295",
          JOB + "--1",
          OTHER,
          OTHER + "-0",
          POOL,
          "root",
          "/",
          "/infrastructure",
          "1-1-1",
          "1-0-0",
          "2-1-2",
          "99999999999999999999-1-1",
          "-1--1--1",
          "web",
          "me",
          "name",
          "creation_time",
          "runtime.creationTime",
          "cpu",
          "memory",
          "/secret",
          "c2VjcmV0",
          "agent-0");

  /** What no row has to say. */
  private static final Set<Status.Code> ALWAYS = Set.of(Status.Code.OK);

  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);

  static Stream<MethodDescriptor<?, ?>> everyMethod() {
    return Stream.of(
            JobServiceGrpc.getServiceDescriptor(),
            PodServiceGrpc.getServiceDescriptor(),
            WatchServiceGrpc.getServiceDescriptor(),
            AdminServiceGrpc.getServiceDescriptor(),
            ResourcePoolServiceGrpc.getServiceDescriptor(),
            HostServiceGrpc.getServiceDescriptor(),
            VolumeServiceGrpc.getServiceDescriptor())
        .map(ServiceDescriptor::getMethods)
        .flatMap(methods -> methods.stream());
  }

  @AfterEach
  void close() {
    api.close();
  }

  @ParameterizedTest
  @MethodSource("everyMethod")
  void nonsenseIsAnsweredProperly(MethodDescriptor<?, ?> method) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      api.agents.put("S0", new AgentAddress("127.0.0.1", socket.getLocalPort()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Set<Status.Code> documented =
        CompatibilityTable.read().get(CompatibilityTest.name(method)).codes();
    for (long seed = SEED; seed < SEED + CALLS; seed++) {
      prepare();
      RandomMessages messages = new RandomMessages(new Random(seed), TEXTS, likely());
      Status status = call(method, messages);
      String said = method.getFullMethodName() + ", -DfuzzSeed=" + seed + ": " + status;
      assertThat(status.getCode()).as(said).isNotIn(NEVER);
      if (!ALWAYS.contains(status.getCode())) {
        assertThat(documented).as(said).contains(status.getCode());
      }
      if (!status.isOk()) {
        assertThat(status.getDescription())
            .as(said)
            .isNotBlank()
            .doesNotContain("\tat ", "java.lang.", "Exception")
            .hasSizeLessThanOrEqualTo(StatusMapper.MAX_MESSAGE);
      }
    }
  }

  /** A job with a pod, whatever the calls before did to it, and nothing locked. */
  private void prepare() {
    if (cluster.job(JOB) == null || !cluster.job(JOB).complete()) {
      cluster.createJob(JOB, spec(3).build());
      cluster.write(new RecordKey.Pod(JOB, 1), pod(2, PodState.POD_STATE_RUNNING).build());
    }
    if (cluster.view.records().lockdown().getComponentsCount() > 0) {
      cluster.delete(new RecordKey.Lockdown());
    }
  }

  private Map<String, List<String>> likely() {
    String version = cluster.jobs.status(cluster.job(JOB)).getVersion().getValue();
    return Map.of(
        "JobID", List.of(JOB),
        "PodName", List.of(JOB + "-0", JOB + "-1"),
        "PodID", List.of(JOB + "-0-1", JOB + "-1-1", JOB + "-1-2"),
        "EntityVersion", List.of(version),
        "ResourcePoolID", List.of(POOL),
        "ResourcePoolPath", List.of("/infrastructure", "/"),
        "PropertyPath", List.of("name", "state", "creation_time", "instanceId"));
  }

  private <Q, A> Status call(MethodDescriptor<Q, A> method, RandomMessages messages)
      throws Exception {
    Message prototype =
        (Message) ((PrototypeMarshaller<Q>) method.getRequestMarshaller()).getMessagePrototype();
    @SuppressWarnings("unchecked")
    Q request = (Q) messages.like(prototype);
    ClientCall<Q, A> call =
        api.channel().newCall(method, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
    CompletableFuture<Status> end = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<A>() {
          @Override
          public void onMessage(A message) {
            // A watch has no end of its own.
            if (method.getType() == MethodType.SERVER_STREAMING) {
              end.complete(Status.OK);
            }
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    Status status = end.get(90, TimeUnit.SECONDS);
    call.cancel("enough", null);
    return status;
  }
}
