package dev.nightshift.common.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.Names;
import dev.nightshift.common.RecordCodec.UndecodableRecordException;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The topic of schedules, followed.
public final class CronsLog {
  private CronsLog() {}

  /// Begins to follow, and returns when the log was read to its end.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait
  /// @throws dev.nightshift.common.FleetException.Unreachable if the cluster does not answer in
  ///   time
  /// @throws dev.nightshift.common.FleetException.NotInitialized if there is no such topic
  public static FollowedLog<CronsView> start(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    return FollowedLog.start(
        clientConfig,
        plan,
        new FollowedLog.Source<>("crons' topic", plan.schedules(), CronsView.EMPTY, CronsLog::read),
        timeout);
  }

  static CronsView read(
      CronsView before,
      Iterable<ConsumerRecord<byte[], byte[]>> records,
      BiConsumer<String, Optional<String>> read) {
    CronsView.Builder next = before.builder();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      read.accept(key, problem(next, key, record.value()));
    }
    return next.build();
  }

  // Why a record was skipped; empty if it was not.
  private static Optional<String> problem(
      CronsView.Builder view, String key, byte @Nullable [] value) {
    try {
      if (key.startsWith(CronRecords.CRON_PREFIX)) {
        cron(view, CronKey.parse(key.substring(CronRecords.CRON_PREFIX.length())), value);
      } else if (key.startsWith(CronRecords.TICK_PREFIX)) {
        state(view, CronKey.parse(key.substring(CronRecords.TICK_PREFIX.length())), value);
      } else if (value != null) {
        return Optional.of(
            "records of this kind are not known to this version; upgrade this process");
      }
      return Optional.empty();
    } catch (UndecodableRecordException | IllegalArgumentException e) {
      // Where nothing was written under a key that is none, there is nothing to complain of.
      return value == null ? Optional.empty() : Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static void cron(CronsView.Builder view, CronKey key, byte @Nullable [] value) {
    if (value == null) {
      view.remove(key);
      return;
    }
    Cron cron = CronRecords.cron(value);
    checkKey(key, cron.key());
    view.put(cron);
  }

  private static void state(CronsView.Builder view, CronKey key, byte @Nullable [] value) {
    if (value == null) {
      view.removeState(key);
      return;
    }
    view.put(key, CronRecords.state(value));
  }

  private static void checkKey(CronKey key, CronKey own) {
    if (!key.equals(own)) {
      throw new IllegalArgumentException(
          "it belongs under the key of " + Names.quoted(own.toString()) + "; delete this one");
    }
  }
}
