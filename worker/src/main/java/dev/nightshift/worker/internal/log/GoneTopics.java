package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// Remembers for a while which topics are gone. Kafka's clients only find out by waiting in vain
/// for seconds, and the loop must not wait for each of its tries. Owned by the loop's thread.
final class GoneTopics {
  private static final Duration REMEMBERED = Duration.ofSeconds(10);

  private final KafkaQueries queries;
  private final LongSupplier nanos;

  /// When each was found gone.
  private final Map<String, Long> gone = new HashMap<>();

  GoneTopics(KafkaQueries queries, LongSupplier nanos) {
    this.queries = queries;
    this.nanos = nanos;
  }

  /// The topic is there again.
  void isThere(String topic) {
    gone.remove(topic);
  }

  /// How a write must end for what is remembered, if it cannot happen.
  Optional<WriteResult> refusal(Write write) {
    gone.values().removeIf(since -> nanos.getAsLong() - since > REMEMBERED.toNanos());
    if (gone.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> record =
        write.records().stream().map(ProducerRecord::topic).filter(gone::containsKey).findFirst();
    if (record.isPresent()) {
      return Optional.of(
          new WriteResult.Rejected("there is no topic " + record.get(), Set.of(record.get())));
    }
    return write.ledgers().keySet().stream()
        .map(TopicPartition::topic)
        .filter(gone::containsKey)
        .findFirst()
        .map(topic ->
            new WriteResult.NotWritten(
                "topic " + topic + " is gone, and its partitions are about to be"));
  }

  /// Asks the brokers which topics of a write are gone.
  ///
  /// @return how the write must end, if it cannot happen
  Optional<WriteResult> ask(Write write) {
    Set<String> topics = new HashSet<>();
    write.ledgers().keySet().forEach(p -> topics.add(p.topic()));
    write.records().forEach(r -> topics.add(r.topic()));
    Map<String, TopicDescription> there = queries.topics(topics);
    topics.removeAll(there.keySet());
    topics.forEach(topic -> gone.put(topic, nanos.getAsLong()));
    return refusal(write).or(() -> withoutPartition(write, there));
  }

  private static Optional<WriteResult> withoutPartition(
      Write write, Map<String, TopicDescription> there) {
    for (ProducerRecord<byte[], byte[]> record : write.records()) {
      TopicDescription topic = there.get(record.topic());
      if (topic != null
          && record.partition() != null
          && record.partition() >= topic.partitions().size()) {
        return Optional.of(
            new WriteResult.Rejected(
                "topic %s has %d partitions, no partition %d"
                    .formatted(record.topic(), topic.partitions().size(), record.partition()),
                Set.of(record.topic())));
      }
    }
    return Optional.empty();
  }
}
