package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class CommitBatchesTest {
  @Test
  void whatIsSmallStaysTogether() {
    assertEquals(List.of(1_000), sizes(1_000, "x".repeat(500)));
  }

  @Test
  void fullLedgersOfThreeBytesACharacterAreSplit() {
    // 12,288 bytes of metadata and 114 besides: 56 of them make 694,512 bytes.
    assertEquals(List.of(56, 56, 28), sizes(140, "\u4e00".repeat(4_096)));
  }

  @Test
  void nothingIsLostOrChanged() {
    Map<TopicPartition, Committed> ledgers = ledgers(100, "\u4e00".repeat(4_096));
    Map<TopicPartition, OffsetAndMetadata> all = new LinkedHashMap<>();
    CommitBatches.of(ledgers, "group").forEach(all::putAll);
    assertEquals(CommitBatches.whole(ledgers), all);
    assertEquals(
        new OffsetAndMetadata(7, "\u4e00".repeat(4_096)), all.get(new TopicPartition("events", 7)));
  }

  private static List<Integer> sizes(int partitions, String metadata) {
    return CommitBatches.of(ledgers(partitions, metadata), "groups").stream()
        .map(Map::size)
        .toList();
  }

  private static Map<TopicPartition, Committed> ledgers(int partitions, String metadata) {
    Map<TopicPartition, Committed> ledgers = new LinkedHashMap<>();
    for (int i = 0; i < partitions; i++) {
      ledgers.put(new TopicPartition("events", i), new Committed(i, metadata));
    }
    return ledgers;
  }
}
