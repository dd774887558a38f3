package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.WriteResult.Rejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;

/// The topics of a [MemoryCluster]. Owned by the cluster's thread.
final class MemoryTopics {
  private static final class Topic {
    final Uuid id;
    final List<MemoryPartition> partitions = new ArrayList<>();
    int keyless;

    Topic(Uuid id) {
      this.id = id;
    }
  }

  private final int recordBytesMax;
  private final SortedMap<String, Topic> topics = new TreeMap<>();
  private long created;

  MemoryTopics(int recordBytesMax) {
    this.recordBytesMax = recordBytesMax;
  }

  Uuid create(String name, int partitions) {
    if (topics.containsKey(name)) {
      throw new IllegalArgumentException("topic " + name + " exists already");
    }
    Topic topic = new Topic(new Uuid(1, ++created));
    topics.put(name, topic);
    grow(name, partitions);
    return topic.id;
  }

  void delete(String name) {
    existing(name);
    topics.remove(name);
  }

  void grow(String name, int partitions) {
    Topic topic = existing(name);
    if (partitions <= topic.partitions.size()) {
      throw new IllegalArgumentException(
          "topic %s has %d partitions and cannot have %d: they only grow"
              .formatted(name, topic.partitions.size(), partitions));
    }
    for (int i = topic.partitions.size(); i < partitions; i++) {
      topic.partitions.add(new MemoryPartition(new TopicPartition(name, i)));
    }
  }

  /// All topics with their number of partitions.
  SortedMap<String, Integer> sizes() {
    SortedMap<String, Integer> sizes = new TreeMap<>();
    topics.forEach((name, topic) -> sizes.put(name, topic.partitions.size()));
    return sizes;
  }

  Optional<Uuid> id(String name) {
    return Optional.ofNullable(topics.get(name)).map(t -> t.id);
  }

  List<MemoryPartition> partitions(String name) {
    return Collections.unmodifiableList(existing(name).partitions);
  }

  Optional<MemoryPartition> find(TopicPartition partition) {
    return Optional.ofNullable(topics.get(partition.topic()))
        .filter(t -> partition.partition() < t.partitions.size())
        .map(t -> t.partitions.get(partition.partition()));
  }

  /// That this record can never be stored, if so.
  Optional<Rejected> problem(ProducerRecord<byte[], byte[]> record) {
    Topic topic = topics.get(record.topic());
    if (topic == null) {
      return Optional.of(
          new Rejected("there is no topic " + record.topic(), Set.of(record.topic())));
    }
    int partitions = topic.partitions.size();
    if (record.partition() != null && record.partition() >= partitions) {
      return Optional.of(
          new Rejected(
              "topic %s has %d partitions, no partition %d"
                  .formatted(record.topic(), partitions, record.partition()),
              Set.of(record.topic())));
    }
    long bytes = bytes(record);
    return bytes > recordBytesMax
        ? Optional.of(
            Rejected.bad(
                "a record of %,d bytes is too large for topic %s; at most %,d are allowed"
                    .formatted(bytes, record.topic(), recordBytesMax)))
        : Optional.empty();
  }

  /// Stores a record without a [#problem].
  void append(
      ProducerRecord<byte[], byte[]> record, Instant now, Optional<MemoryTransaction> transaction) {
    Topic topic = existing(record.topic());
    topic.partitions.get(partition(topic, record)).append(record, now, transaction);
  }

  private Topic existing(String name) {
    Topic topic = topics.get(name);
    if (topic == null) {
      throw new IllegalArgumentException("there is no topic " + name);
    }
    return topic;
  }

  private static int partition(Topic topic, ProducerRecord<byte[], byte[]> record) {
    if (record.partition() != null) {
      return record.partition();
    }
    int choice = record.key() == null ? topic.keyless++ : Arrays.hashCode(record.key());
    return Math.floorMod(choice, topic.partitions.size());
  }

  private static long bytes(ProducerRecord<byte[], byte[]> record) {
    long bytes = length(record.key()) + length(record.value());
    for (Header header : record.headers()) {
      bytes += header.key().length() + length(header.value());
    }
    return bytes;
  }

  private static long length(byte @org.jspecify.annotations.Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
