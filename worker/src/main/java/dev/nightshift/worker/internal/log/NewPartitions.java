package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Assigned;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Finds out what a new owner must know. Owned by the loop's thread.
final class NewPartitions {
  private final KafkaQueries queries;

  NewPartitions(KafkaQueries queries) {
    this.queries = queries;
  }

  /// Leaves out a partition whose topic is gone, that has no leader now, or whose ledger a
  /// transaction of a live worker is about to replace.
  ///
  /// The order matters: first the transactions of the gone end, as they hold up everything; and the
  /// log's end is read after the ledgers, so that no base can lie behind it that was right.
  Map<TopicPartition, Assigned> read(Collection<TopicPartition> partitions) {
    endTransactionsOfTheGone();
    Map<String, TopicDescription> topics =
        queries.topics(partitions.stream().map(TopicPartition::topic).distinct().toList());
    List<TopicPartition> present =
        partitions.stream().filter(p -> hasLeader(p, topics.get(p.topic()))).toList();
    Map<TopicPartition, Optional<Committed>> committed = queries.committed(present);
    Map<TopicPartition, Long> starts = queries.offsets(committed.keySet(), OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = queries.offsets(starts.keySet(), OffsetSpec.latest());
    Map<TopicPartition, Assigned> assigned = new HashMap<>();
    committed.forEach((partition, ledger) -> {
      TopicDescription topic = topics.get(partition.topic());
      Long start = starts.get(partition);
      Long end = ends.get(partition);
      if (topic != null && start != null && end != null) {
        assigned.put(partition, new Assigned(topic.topicId(), ledger, start, end));
      }
    });
    return assigned;
  }

  // Kafka's client would look for one as long as a question may take, and the others would wait.
  private static boolean hasLeader(TopicPartition partition, @Nullable TopicDescription topic) {
    return topic != null
        && topic.partitions().stream()
            .anyMatch(each -> each.partition() == partition.partition() && each.leader() != null);
  }

  private void endTransactionsOfTheGone() {
    try {
      queries.endTransactionsOfTheGone();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      // They time out by themselves; what they hold up is left out until then.
    }
  }
}
