package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Write;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// A cluster of one kind for [EventLogContract], with what a test does to it from outside. Each
/// test gets a new one; names of topics and workers are its own.
interface LogFixture extends AutoCloseable {
  /// The name that a topic of this test has in the cluster.
  String topic(String name);

  /// Makes a topic; returns its id.
  Uuid createTopic(String topic, int partitions);

  /// Returns when the topic is gone.
  void deleteTopic(String topic);

  /// Gives a topic more partitions.
  void addPartitions(String topic, int partitions);

  /// A process starts and opens its log.
  EventLog open(String worker);

  /// The same, but its group soon notices that it is stopped.
  EventLog openToBeStopped(String worker);

  /// The process stands still until [#go]; when [#members] names it no more, it was expelled.
  void stop(Member member);

  /// The process goes on, as if nothing had happened.
  void go(Member member);

  /// The process dies while its transaction holds all of this write, but is not committed.
  void dieWithin(Member member, Write write);

  /// The workers that are members of the group.
  Set<String> members();

  /// An emitter's record.
  void produce(ProducerRecord<byte[], byte[]> record);

  /// Records of a transaction of somebody else.
  void produce(List<ProducerRecord<byte[], byte[]>> records, boolean committed);

  /// Removes what stands below an offset.
  void trim(TopicPartition partition, long before);

  /// The values of all committed records, partition after partition.
  List<String> read(String topic);

  /// Lets a little time go by.
  void pass();

  @Override
  void close();
}
