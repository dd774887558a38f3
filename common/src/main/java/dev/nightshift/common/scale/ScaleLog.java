package dev.nightshift.common.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.ScaleRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The topic in which schedulers say how many workers are wanted, followed. Its view is the last
/// decision, however old; [ScaleDecision#isFresh] says whether it counts. Empty if there was none.
public final class ScaleLog {
  private static final String KEY = "workers";

  private ScaleLog() {}

  /// Begins to follow, and returns when the log was read to its end.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait
  /// @throws dev.nightshift.common.FleetException.Unreachable if the cluster does not answer in
  ///   time
  /// @throws dev.nightshift.common.FleetException.NotInitialized if there is no such topic
  public static FollowedLog<Optional<ScaleDecision>> start(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    return FollowedLog.start(
        clientConfig,
        plan,
        new FollowedLog.Source<>(
            "topic of scaling decisions", plan.scale(), Optional.empty(), ScaleLog::read),
        timeout);
  }

  /// A decision, to be written. Its time is the broker's to set.
  public static ProducerRecord<byte[], byte[]> record(TopicPlan plan, ScaleDecision decision) {
    ScaleFigures figures = decision.figures();
    ScaleRecord record =
        new ScaleRecord(
            decision.wanted(),
            decision.running(),
            decision.reason(),
            decision.since(),
            decision.scheduler(),
            decision.bounds().min(),
            decision.bounds().max(),
            decision.bounds().target().toMillis(),
            figures.waiting(),
            figures.limited(),
            figures.oldest().toMillis(),
            figures.arrivals(),
            figures.drained(),
            figures.perWorker().isPresent() ? figures.perWorker().getAsDouble() : null,
            figures.partitions());
    return new ProducerRecord<>(
        plan.scale(), KEY.getBytes(UTF_8), RecordCodec.SCALE.encode(record));
  }

  static Optional<ScaleDecision> read(
      Optional<ScaleDecision> before,
      Iterable<ConsumerRecord<byte[], byte[]>> records,
      BiConsumer<String, Optional<String>> read) {
    Optional<ScaleDecision> next = before;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      try {
        if (key.equals(KEY)) {
          next =
              record.value() == null
                  ? Optional.empty()
                  : Optional.of(
                      decision(
                          RecordCodec.SCALE.decode(record.value()),
                          Instant.ofEpochMilli(record.timestamp())));
          read.accept(key, Optional.empty());
        } else {
          read.accept(
              key,
              Optional.of(
                  "records of this kind are not known to this version; upgrade this process"));
        }
      } catch (RecordCodec.UndecodableRecordException | IllegalArgumentException e) {
        read.accept(key, Optional.of(String.valueOf(e.getMessage())));
      }
    }
    return next;
  }

  private static ScaleDecision decision(ScaleRecord record, Instant at) {
    Double perWorker = record.getPerWorkerPerSecond();
    return new ScaleDecision(
        record.getWanted(),
        record.getRunning(),
        record.getReason(),
        record.getSince(),
        new ScaleBounds(
            record.getMinimum(), record.getMaximum(), Duration.ofMillis(record.getTargetMillis())),
        new ScaleFigures(
            record.getWaiting(),
            record.getLimited(),
            Duration.ofMillis(record.getOldestMillis()),
            record.getArrivalsPerSecond(),
            record.getDrainedPerSecond(),
            perWorker == null ? OptionalDouble.empty() : OptionalDouble.of(perWorker),
            record.getPartitions()),
        record.getScheduler(),
        at);
  }
}
