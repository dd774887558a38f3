package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The control topic, followed.
public final class ControlLog {
  private ControlLog() {}

  /// Begins to follow, and returns when the log was read to its end.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait
  /// @throws FleetException.Unreachable if the cluster does not answer in time
  /// @throws FleetException.NotInitialized if there is no control topic
  public static FollowedLog<ControlView> start(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    return FollowedLog.start(
        clientConfig,
        plan,
        new FollowedLog.Source<>(
            "control topic", plan.control(), ControlView.EMPTY, ControlLog::read),
        timeout);
  }

  private static ControlView read(
      ControlView before,
      Iterable<ConsumerRecord<byte[], byte[]>> records,
      BiConsumer<String, Optional<String>> read) {
    ControlViewBuilder next = before.builder();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      next.readTo(record.offset() + 1);
      try {
        if (record.value() == null) {
          next.remove(key);
        } else {
          ControlRecords.read(next, key, record.value());
        }
        read.accept(key, Optional.empty());
      } catch (RecordCodec.UndecodableRecordException e) {
        read.accept(key, Optional.of(String.valueOf(e.getMessage())));
      }
    }
    return next.build();
  }
}
