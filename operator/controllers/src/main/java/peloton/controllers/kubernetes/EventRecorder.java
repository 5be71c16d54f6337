package peloton.controllers.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.controllers.reconcile.CustomResources.Occasion;

/**
 * Writes Kubernetes events, which {@code kubectl describe} shows: one for each occasion, whose
 * repetitions are counted. Works at its own pace and drops what is too much; events are for people.
 */
final class EventRecorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
  private static final String COMPONENT = "peloton-operator";
  private static final int MOST_WAITING = 2_000;
  private static final int MOST_REMEMBERED = 10_000;
  private static final int LONGEST_MESSAGE = 1_000;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final ThreadPoolExecutor queue =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          task -> {
            Thread thread = new Thread(task, "kubernetes-events");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  // Only the queue's thread touches these.
  private final Map<String, Integer> counts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };
  private java.time.Instant silentUntil = java.time.Instant.MIN;

  EventRecorder(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  void record(CustomResource<?, ?> about, Occasion occasion) {
    queue.execute(() -> write(about, occasion));
  }

  private void write(CustomResource<?, ?> about, Occasion occasion) {
    if (clock.instant().isBefore(silentUntil)) {
      return;
    }
    String namespace =
        about.getMetadata().getNamespace() == null ? "default" : about.getMetadata().getNamespace();
    Event event = event(about, occasion, namespace);
    String name = event.getMetadata().getName();
    try {
      int count = counts.merge(namespace + "/" + name, 1, Integer::sum);
      if (count == 1) {
        create(event);
      } else {
        repeat(event, count);
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && counts.size() > 1) {
        counts.remove(namespace + "/" + name);
        return;
      }
      silentUntil = clock.instant().plus(PAUSE_AFTER_FAILURE);
      log.debug("an event could not be written; none is for a minute: {}", e.getMessage());
    }
  }

  private void create(Event event) {
    try {
      client.v1().events().resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // Of an earlier leader.
      Event there = client.v1().events().resource(event).get();
      int count = there == null || there.getCount() == null ? 1 : there.getCount() + 1;
      counts.put(key(event), count);
      repeat(event, count);
    }
  }

  private void repeat(Event event, int count) {
    String patch =
        client
            .getKubernetesSerialization()
            .asJson(Map.of("count", count, "lastTimestamp", event.getLastTimestamp()));
    client.v1().events().resource(event).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private static String key(Event event) {
    return event.getMetadata().getNamespace() + "/" + event.getMetadata().getName();
  }

  private Event event(CustomResource<?, ?> about, Occasion occasion, String namespace) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String message = occasion.message();
    String text =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
    String what = about.getMetadata().getUid() + occasion.reason() + text;
    String hash =
        UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 18);
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(about.getMetadata().getName() + "." + hash)
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(about.getMetadata().getNamespace())
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .endInvolvedObject()
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .withType(occasion.warning() ? "Warning" : "Normal")
        .withReason(occasion.reason())
        .withMessage(text)
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }

  @Override
  public void close() {
    queue.shutdownNow();
  }
}
