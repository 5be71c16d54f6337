package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;

/** Clients that share no code with the server: one in Python, and one that only asks it. */
class ClientStacksIT {
  private static final String JOBS = "peloton.api.v1alpha.job.stateless.svc.JobService";
  private static final String POOLS = "peloton.api.v1alpha.respool.ResourcePoolService";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static LocalCluster cluster;
  private static ManagedChannel channel;

  @BeforeAll
  static void startCluster() {
    cluster =
        new LocalCluster(
            ClusterSettings.in(folder)
                .withMesosFlags(List.of("--agents", "3", "--allocation-interval", "200ms")));
    cluster.start();
    channel = NettyChannelBuilder.forTarget(cluster.operatorAddress()).usePlaintext().build();
  }

  @AfterAll
  static void stopCluster() {
    channel.shutdownNow();
    cluster.close();
  }

  @Test
  void aPythonClientCreatesUpdatesWatchesAndStopsAJob() throws Exception {
    PythonStubs stubs = new PythonStubs(Path.of("target/python-client"));
    Optional<String> python = stubs.python();
    if (python.isEmpty()) {
      abort("no Python with grpcio and grpcio-tools, and none could be set up:\n" + stubs.log());
    }

    assertThat(stubs.generate(python.get())).as(stubs.log()).isTrue();
    boolean done = stubs.script(python.get(), "client_test.py", cluster.operatorAddress());

    assertThat(done).as(stubs.log()).isTrue();
    assertThat(stubs.log()).contains("changes of pods seen");
  }

  @ParameterizedTest
  @EnumSource
  void aClientWithoutStubsListsDescribesAndCalls(Reflection reflection) throws Exception {
    assertThat(reflection.services(channel))
        .contains(
            JOBS,
            POOLS,
            "peloton.api.v1alpha.pod.svc.PodService",
            "peloton.api.v1alpha.watch.svc.WatchService",
            "peloton.api.v1alpha.admin.svc.AdminService",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");

    Files files = new Files(reflection);
    ServiceDescriptor jobs = files.service(JOBS);
    assertThat(jobs.getMethods())
        .extracting(MethodDescriptor::getName)
        .contains("CreateJob", "ReplaceJob", "PatchJob", "ListJobWorkflows", "QueryPods");
    assertThat(jobs.findMethodByName("ListPods").isServerStreaming()).isTrue();
    assertThat(
            jobs.findMethodByName("CreateJob").getInputType().findFieldByName("spec").getNumber())
        .isEqualTo(2);

    DynamicMessage answer = call(files.service(POOLS).findMethodByName("QueryResourcePools"));
    assertThat(answer.toString()).contains("root");
  }

  @ParameterizedTest
  @EnumSource
  void saysThatThereIsNoSuchSymbol(Reflection reflection) {
    assertThat(reflection.files(channel, "no.such.Service")).isEmpty();
  }

  private static DynamicMessage call(MethodDescriptor method) {
    Descriptor input = method.getInputType();
    Descriptor output = method.getOutputType();
    io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> call =
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
            .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(input)))
            .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(output)))
            .build();
    return ClientCalls.blockingUnaryCall(
        channel,
        call,
        CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
        DynamicMessage.getDefaultInstance(input));
  }

  /** The files that the server describes itself with, each with those that it imports. */
  private static final class Files {
    private final Reflection reflection;
    private final Map<String, FileDescriptorProto> known = new HashMap<>();
    private final Map<String, FileDescriptor> built = new HashMap<>();

    Files(Reflection reflection) {
      this.reflection = reflection;
    }

    ServiceDescriptor service(String name)
        throws InvalidProtocolBufferException, DescriptorValidationException {
      FileDescriptorProto file = learn(reflection.files(channel, name)).get(0);
      return build(file.getName())
          .findServiceByName(name.substring(file.getPackage().length() + 1));
    }

    private List<FileDescriptorProto> learn(List<ByteString> files)
        throws InvalidProtocolBufferException {
      List<FileDescriptorProto> learnt = new ArrayList<>();
      for (ByteString bytes : files) {
        FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
        known.put(file.getName(), file);
        learnt.add(file);
      }
      return learnt;
    }

    private FileDescriptor build(String name)
        throws InvalidProtocolBufferException, DescriptorValidationException {
      if (built.containsKey(name)) {
        return built.get(name);
      }
      if (!known.containsKey(name)) {
        learn(reflection.fileByName(channel, name));
      }
      FileDescriptorProto file = known.get(name);
      FileDescriptor[] imports = new FileDescriptor[file.getDependencyCount()];
      for (int i = 0; i < imports.length; i++) {
        imports[i] = build(file.getDependency(i));
      }
      FileDescriptor descriptor = FileDescriptor.buildFrom(file, imports);
      built.put(name, descriptor);
      return descriptor;
    }
  }

  /** Both versions of the protocol: newer clients ask by the first, older ones by the second. */
  enum Reflection {
    V1 {
      @Override
      List<String> services(ManagedChannel channel) {
        return ask(
                channel,
                io.grpc.reflection.v1.ServerReflectionRequest.newBuilder().setListServices(""))
            .getListServicesResponse()
            .getServiceList()
            .stream()
            .map(io.grpc.reflection.v1.ServiceResponse::getName)
            .toList();
      }

      @Override
      List<ByteString> files(ManagedChannel channel, String symbol) {
        return ask(
                channel,
                io.grpc.reflection.v1.ServerReflectionRequest.newBuilder()
                    .setFileContainingSymbol(symbol))
            .getFileDescriptorResponse()
            .getFileDescriptorProtoList();
      }

      @Override
      List<ByteString> fileByName(ManagedChannel channel, String name) {
        return ask(
                channel,
                io.grpc.reflection.v1.ServerReflectionRequest.newBuilder().setFileByFilename(name))
            .getFileDescriptorResponse()
            .getFileDescriptorProtoList();
      }

      private io.grpc.reflection.v1.ServerReflectionResponse ask(
          ManagedChannel channel, io.grpc.reflection.v1.ServerReflectionRequest.Builder request) {
        return one(
            request.build(),
            io.grpc.reflection.v1.ServerReflectionGrpc.newStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                ::serverReflectionInfo);
      }
    },
    V1ALPHA {
      @Override
      List<String> services(ManagedChannel channel) {
        return ask(
                channel,
                io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder().setListServices(""))
            .getListServicesResponse()
            .getServiceList()
            .stream()
            .map(io.grpc.reflection.v1alpha.ServiceResponse::getName)
            .toList();
      }

      @Override
      List<ByteString> files(ManagedChannel channel, String symbol) {
        return ask(
                channel,
                io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                    .setFileContainingSymbol(symbol))
            .getFileDescriptorResponse()
            .getFileDescriptorProtoList();
      }

      @Override
      List<ByteString> fileByName(ManagedChannel channel, String name) {
        return ask(
                channel,
                io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                    .setFileByFilename(name))
            .getFileDescriptorResponse()
            .getFileDescriptorProtoList();
      }

      private io.grpc.reflection.v1alpha.ServerReflectionResponse ask(
          ManagedChannel channel,
          io.grpc.reflection.v1alpha.ServerReflectionRequest.Builder request) {
        return one(
            request.build(),
            io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                ::serverReflectionInfo);
      }
    };

    abstract List<String> services(ManagedChannel channel);

    /** The file with the symbol first; empty if there is none. */
    abstract List<ByteString> files(ManagedChannel channel, String symbol);

    abstract List<ByteString> fileByName(ManagedChannel channel, String name);

    static <Q, A> A one(Q request, Function<StreamObserver<A>, StreamObserver<Q>> call) {
      CompletableFuture<A> answer = new CompletableFuture<>();
      StreamObserver<Q> requests =
          call.apply(
              new StreamObserver<>() {
                @Override
                public void onNext(A value) {
                  answer.complete(value);
                }

                @Override
                public void onError(Throwable failure) {
                  answer.completeExceptionally(failure);
                }

                @Override
                public void onCompleted() {
                  answer.completeExceptionally(new IOException("ended without an answer"));
                }
              });
      requests.onNext(request);
      requests.onCompleted();
      return answer.join();
    }
  }
}
