package peloton.operator.metrics;

import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.grpc.MetricCollectingServerInterceptor;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The registry of one replica, with what every process of its kind tells. */
public final class OperatorMetrics implements AutoCloseable {
  private static final String CALL_TIME = "grpc.server.processing.duration";

  /** Bounds of the histogram of call times: a client's idea of fast, slow and stuck. */
  private static final double[] CALL_BOUNDS = {
    nanos(Duration.ofMillis(1)),
    nanos(Duration.ofMillis(5)),
    nanos(Duration.ofMillis(25)),
    nanos(Duration.ofMillis(100)),
    nanos(Duration.ofMillis(500)),
    nanos(Duration.ofSeconds(2)),
    nanos(Duration.ofSeconds(10))
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final LogbackMetrics logs = new LogbackMetrics();

  /** The registry alone would let them go, and their gauges would show nothing any more. */
  private final List<OperatorSeries> added = new ArrayList<>();

  public OperatorMetrics() {
    registry.config().meterFilter(histogramOf(CALL_TIME));
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    gc.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    logs.bindTo(registry);
  }

  /** Takes in what a part of the replica tells of itself. */
  public void add(OperatorSeries series) {
    added.add(series);
    series.bindTo(registry);
  }

  /** Counts and times the calls of a server, by method and status. */
  public ServerInterceptor calls() {
    return new MetricCollectingServerInterceptor(registry);
  }

  /** Everything, in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    logs.close();
    registry.close();
  }

  private static MeterFilter histogramOf(String name) {
    return new MeterFilter() {
      @Override
      public DistributionStatisticConfig configure(
          Meter.Id id, DistributionStatisticConfig config) {
        return id.getName().equals(name)
            ? DistributionStatisticConfig.builder()
                .serviceLevelObjectives(CALL_BOUNDS)
                .build()
                .merge(config)
            : config;
      }
    };
  }

  private static double nanos(Duration duration) {
    return duration.toNanos();
  }
}
