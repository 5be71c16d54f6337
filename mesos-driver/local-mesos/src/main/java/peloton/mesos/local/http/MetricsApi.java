package peloton.mesos.local.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.master.Master;

/** {@code /metrics/snapshot}: numbers by name, as Mesos gives them, though not all of its names. */
final class MetricsApi implements Handler {

  private final Master master;
  private final EventLoop loop;
  private final ObjectMapper json = new ObjectMapper();

  MetricsApi(Master master, EventLoop loop) {
    this.master = master;
    this.loop = loop;
  }

  @Override
  public CompletionStage<Answer> handle(Request request) {
    return CompletableFuture.supplyAsync(master::metrics, loop::execute)
        .thenApply(
            metrics -> {
              try {
                return Answer.json(json.writeValueAsString(metrics));
              } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
              }
            });
  }
}
