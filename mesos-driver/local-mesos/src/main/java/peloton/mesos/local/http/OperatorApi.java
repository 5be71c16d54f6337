package peloton.mesos.local.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.mesos.v1.master.Protos.Call;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.master.Master;
import peloton.mesos.local.master.OperatorReply;

/** {@code /api/v1}: reads operators' calls and answers with what the master says. */
final class OperatorApi implements Handler {

  private final Master master;
  private final EventLoop loop;
  private final ObjectMapper json = new ObjectMapper();

  OperatorApi(Master master, EventLoop loop) {
    this.master = master;
    this.loop = loop;
  }

  @Override
  public CompletionStage<Answer> handle(Request request) {
    if (!request.method().equals("POST")) {
      return done(
          Answer.text(405, "Expecting POST, got " + request.method(), Map.of("Allow", "POST")));
    }
    var contentType = request.header("content-type");
    if (contentType.isEmpty()) {
      return done(Answer.text(400, "Expecting 'Content-Type' to be present"));
    }
    var form = MediaType.of(contentType.get());
    if (form.isEmpty()) {
      return done(
          Answer.text(
              415, "Expecting 'Content-Type' of application/json or application/x-protobuf"));
    }
    var accepted = MediaType.accepted(request.header("accept"));
    if (accepted.isEmpty()) {
      return done(
          Answer.text(
              406, "Expecting 'Accept' to allow application/json or application/x-protobuf"));
    }
    var call = Call.newBuilder();
    try {
      form.get()
          .parse(form.get() == MediaType.JSON ? durations(request.body()) : request.body(), call);
    } catch (InvalidProtocolBufferException e) {
      return done(Answer.text(400, "Failed to parse body into Call: " + e.getMessage()));
    } catch (IOException e) {
      return done(Answer.text(400, "Failed to parse body into JSON: " + e.getMessage()));
    }
    return CompletableFuture.supplyAsync(
            () -> master.operator().call(call.buildPartial()), loop::execute)
        .thenApply(reply -> answer(reply, accepted.get()));
  }

  private static Answer answer(OperatorReply reply, MediaType form) {
    if (reply instanceof OperatorReply.Data data) {
      return new Answer.Whole(200, Map.of(), form.type(), form.encode(data.response()));
    }
    if (reply instanceof OperatorReply.Refused refused) {
      return Answer.text(refused.status(), refused.why());
    }
    return reply instanceof OperatorReply.Accepted ? Answer.ACCEPTED : Answer.text(200, "");
  }

  /**
   * Mesos' JSON has no special form for {@code google.protobuf.Duration}: it is an object of
   * seconds and nanos, and the text that protobuf's own JSON uses is refused.
   */
  private byte[] durations(byte[] body) throws IOException {
    if (!(json.readTree(body) instanceof ObjectNode call)) {
      throw new InvalidProtocolBufferException("it is not a JSON object");
    }
    if (call.path("drain_agent") instanceof ObjectNode drain && drain.has("max_grace_period")) {
      if (!(drain.get("max_grace_period") instanceof ObjectNode grace)) {
        throw new InvalidProtocolBufferException(
            "Not expecting a JSON string or number for field 'max_grace_period':"
                + " write {\"seconds\": N}");
      }
      long nanos = grace.path("nanos").asLong();
      drain.put(
          "max_grace_period",
          grace.path("seconds").asLong() + (nanos == 0 ? "s" : String.format(".%09ds", nanos)));
    }
    return json.writeValueAsBytes(call);
  }

  private static CompletionStage<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
