package dev.nightshift.scenarios;

import dev.nightshift.common.ledger.LedgerCodec;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// What the workers of a scenario have committed, as the brokers say when they are asked.
record Ledgers(Admin admin) {
  /// A partition's base and its ledger.
  OffsetAndMetadata committed(TopicPartition partition) {
    return all().getOrDefault(partition, new OffsetAndMetadata(0));
  }

  /// How many events of a topic are claimed and not settled, by the ledgers of all its partitions.
  long claims(String topic) {
    return all().entrySet().stream()
        .filter(each -> each.getKey().topic().equals(topic))
        .mapToLong(each -> claims(each.getValue()))
        .sum();
  }

  private static long claims(OffsetAndMetadata committed) {
    if (committed.metadata().isEmpty()) {
      return 0;
    }
    try {
      return LedgerCodec.decode(committed.offset(), committed.metadata()).ledger().claims();
    } catch (LedgerCodec.UnreadableException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> all() {
    try {
      return admin
          .listConsumerGroupOffsets(ScenarioFleet.PLAN.workersGroup())
          .partitionsToOffsetAndMetadata()
          .get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
