package peloton.mesos.local.http;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.mesos.v1.scheduler.Protos.Call;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.master.CallValidation;
import peloton.mesos.local.master.Master;
import peloton.mesos.local.master.Sessions;

/** {@code /api/v1/scheduler}: judges calls as Mesos does and hands the good ones to the master. */
final class SchedulerApi implements Handler {

  private static final String STREAM_ID = "mesos-stream-id";
  private static final CompletionStage<Answer> ACCEPTED =
      CompletableFuture.completedFuture(Answer.ACCEPTED);

  private final Master master;
  private final Sessions sessions;
  private final EventLoop loop;
  private final int streamCapacity;
  private final Optional<String> principal;
  private final Faults faults;

  /**
   * @param streamCapacity the most events that may wait for one scheduler
   * @param principal whom requests have authenticated as; empty without authentication
   */
  SchedulerApi(
      Master master,
      Sessions sessions,
      EventLoop loop,
      int streamCapacity,
      Optional<String> principal,
      Faults faults) {
    this.master = master;
    this.sessions = sessions;
    this.loop = loop;
    this.streamCapacity = streamCapacity;
    this.principal = principal;
    this.faults = faults;
  }

  @Override
  public CompletionStage<Answer> handle(Request request) {
    if (!request.method().equals("POST")) {
      return done(
          Answer.text(405, "Expecting POST, got " + request.method(), Map.of("Allow", "POST")));
    }
    var contentType = request.header("content-type");
    if (contentType.isEmpty()) {
      return refuse(400, "The header Content-Type must be set");
    }
    var form = MediaType.of(contentType.get());
    if (form.isEmpty()) {
      return refuse(
          415,
          "Content-Type is '"
              + contentType.get()
              + "', it must be application/json or application/x-protobuf");
    }
    var read = Call.newBuilder();
    try {
      form.get().parse(request.body(), read);
    } catch (InvalidProtocolBufferException e) {
      return refuse(400, "The body is not a Call: " + e.getMessage());
    }
    var call = read.buildPartial();
    var problem = CallValidation.problem(call);
    if (problem.isPresent()) {
      return refuse(400, "The Call is not valid: " + problem.get());
    }
    return call.getType() == Call.Type.SUBSCRIBE
        ? subscribe(request, call)
        : pass(call, request.header(STREAM_ID));
  }

  private CompletionStage<Answer> subscribe(Request request, Call call) {
    var accepted = MediaType.accepted(request.header("accept"));
    if (accepted.isEmpty()) {
      return refuse(406, "Accept must allow application/x-protobuf or application/json");
    }
    if (request.header(STREAM_ID).isPresent()) {
      return refuse(400, "SUBSCRIBE must not carry the header Mesos-Stream-Id");
    }
    var info = call.getSubscribe().getFrameworkInfo();
    if (principal.isPresent()
        && info.hasPrincipal()
        && !info.getPrincipal().equals(principal.get())) {
      return refuse(
          400,
          "Failed to validate scheduler::Call: Authenticated principal '"
              + principal.get()
              + "' does not match principal '"
              + info.getPrincipal()
              + "' set in `FrameworkInfo`");
    }
    String streamId = UUID.randomUUID().toString();
    var stream =
        new EventStream(
            streamId,
            accepted.get(),
            streamCapacity,
            request.cut(),
            ended -> {
              faults.ended(ended);
              loop.execute(() -> master.streamEnded(ended));
            });
    faults.opened(stream);
    loop.execute(() -> master.subscribe(call.getSubscribe(), stream));
    return done(
        new Answer.Stream(Map.of("Mesos-Stream-Id", streamId), accepted.get().type(), stream));
  }

  private CompletionStage<Answer> pass(Call call, Optional<String> streamId) {
    String frameworkId = call.getFrameworkId().getValue();
    switch (sessions.judge(frameworkId, streamId.orElse(null))) {
      case UNKNOWN_FRAMEWORK:
        return refuse(400, "Framework " + frameworkId + " cannot be found");
      case NOT_SUBSCRIBED:
        return refuse(403, "Framework is not subscribed");
      case NO_STREAM_ID:
        return refuse(400, "A call other than SUBSCRIBE must carry the header Mesos-Stream-Id");
      case OTHER_STREAM_ID:
        return refuse(
            400,
            "Mesos-Stream-Id is not the one of the current subscription of framework "
                + frameworkId);
      case ACCEPTED:
        break;
    }
    if (call.getType() == Call.Type.UPDATE_FRAMEWORK) {
      var answer = new CompletableFuture<Answer>();
      loop.execute(
          () ->
              answer.complete(
                  master
                      .updateFramework(call, streamId.orElseThrow())
                      .map(why -> Answer.text(400, why))
                      .orElseGet(() -> Answer.text(200, "The framework is updated"))));
      return answer;
    }
    if (call.getType() == Call.Type.ACKNOWLEDGE && faults.losesAcknowledgement()) {
      return ACCEPTED;
    }
    loop.execute(() -> master.call(call, streamId.orElseThrow()));
    return ACCEPTED;
  }

  private static CompletionStage<Answer> refuse(int status, String why) {
    return done(Answer.text(status, why));
  }

  private static CompletionStage<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
