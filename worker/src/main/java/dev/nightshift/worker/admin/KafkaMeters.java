package dev.nightshift.worker.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/// Puts the metrics of Kafka's clients into a registry: those of a client as a whole, not those of
/// single topics, partitions and brokers, of which there may be very many. Made by the clients,
/// which are told by [#settings]. Safe for use by many threads.
public final class KafkaMeters implements MetricsReporter {
  private static final String REGISTRY = "nightshift.meter.registry";
  private static final Set<String> LEFT_OUT = Set.of("topic", "partition", "node-id");

  private final Map<MetricName, Meter> meters = new ConcurrentHashMap<>();
  private Optional<MeterRegistry> registry = Optional.empty();

  /// What makes all clients that have it report to a registry.
  public static Map<String, Object> settings(MeterRegistry registry) {
    return Map.of("metric.reporters", List.of(KafkaMeters.class.getName()), REGISTRY, registry);
  }

  @Override
  public void configure(Map<String, ?> settings) {
    registry =
        settings.get(REGISTRY) instanceof MeterRegistry given
            ? Optional.of(given)
            : Optional.empty();
  }

  @Override
  public void init(List<KafkaMetric> metrics) {
    metrics.forEach(this::metricChange);
  }

  @Override
  public void metricChange(KafkaMetric metric) {
    MetricName name = metric.metricName();
    if (name.tags().keySet().stream().noneMatch(LEFT_OUT::contains)) {
      registry.ifPresent(into -> meters.put(name, meter(metric, into)));
    }
  }

  private static Meter meter(KafkaMetric metric, MeterRegistry into) {
    MetricName name = metric.metricName();
    List<Tag> tags =
        name.tags().entrySet().stream().map(tag -> Tag.of(tag.getKey(), tag.getValue())).toList();
    String full = "kafka." + name.group().replaceFirst("-metrics$", "") + "." + name.name();
    return full.endsWith("-total")
        ? FunctionCounter.builder(full, metric, KafkaMeters::value)
            .description(name.description())
            .tags(tags)
            .register(into)
        : Gauge.builder(full, metric, KafkaMeters::value)
            .description(name.description())
            .tags(tags)
            .strongReference(true)
            .register(into);
  }

  private static double value(KafkaMetric metric) {
    return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  @Override
  public void metricRemoval(KafkaMetric metric) {
    Meter meter = meters.remove(metric.metricName());
    if (meter != null) {
      registry.ifPresent(from -> from.remove(meter));
    }
  }

  @Override
  public void close() {
    meters.values().forEach(meter -> registry.ifPresent(from -> from.remove(meter)));
    meters.clear();
  }
}
