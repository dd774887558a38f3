package dev.nightshift.worker.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Splits a commit so that the brokers take each part: one commit is one batch in
/// `__consumer_offsets`, whose `max.message.bytes` is 1 MB unless told otherwise. Pure.
final class CommitBatches {
  /// Leaves room for what a batch holds besides.
  static final int BATCH_BYTES_MAX = 700_000;

  /// An offset's own fields, in key and value.
  private static final int ENTRY_BYTES = 100;

  private CommitBatches() {}

  static List<Map<TopicPartition, OffsetAndMetadata>> of(
      Map<TopicPartition, Committed> ledgers, String group) {
    List<Map<TopicPartition, OffsetAndMetadata>> batches = new ArrayList<>();
    Map<TopicPartition, OffsetAndMetadata> batch = new HashMap<>();
    long bytes = 0;
    for (var entry : ledgers.entrySet()) {
      long more = bytes(entry.getKey(), entry.getValue(), group);
      if (!batch.isEmpty() && bytes + more > BATCH_BYTES_MAX) {
        batches.add(batch);
        batch = new HashMap<>();
        bytes = 0;
      }
      batch.put(entry.getKey(), offset(entry.getValue()));
      bytes += more;
    }
    batches.add(batch);
    return batches;
  }

  /// All in one, for a transaction, whose writer keeps it small.
  static Map<TopicPartition, OffsetAndMetadata> whole(Map<TopicPartition, Committed> ledgers) {
    Map<TopicPartition, OffsetAndMetadata> whole = new HashMap<>();
    ledgers.forEach((partition, ledger) -> whole.put(partition, offset(ledger)));
    return whole;
  }

  private static OffsetAndMetadata offset(Committed ledger) {
    return new OffsetAndMetadata(ledger.base(), ledger.metadata());
  }

  private static long bytes(TopicPartition partition, Committed ledger, String group) {
    return (long) ledger.metadata().getBytes(UTF_8).length
        + partition.topic().length()
        + group.length()
        + ENTRY_BYTES;
  }
}
