package dev.nightshift.worker.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Written;
import dev.nightshift.worker.internal.log.Faults.Fault;
import dev.nightshift.worker.internal.log.Faults.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// A [MemoryCluster] with a clock of its own.
final class MemoryFixture implements LogFixture {
  private static final Duration LITTLE = Duration.ofMillis(100);

  private Instant now = Instant.parse("2027-01-01T00:00:00Z");
  private final MemoryCluster cluster = new MemoryCluster(() -> now);

  @Override
  public String topic(String name) {
    return name;
  }

  @Override
  public Uuid createTopic(String topic, int partitions) {
    return cluster.createTopic(topic, partitions);
  }

  @Override
  public void deleteTopic(String topic) {
    cluster.deleteTopic(topic);
  }

  @Override
  public void addPartitions(String topic, int partitions) {
    cluster.addPartitions(topic, partitions);
  }

  @Override
  public void trim(TopicPartition partition, long before) {
    cluster.trim(partition, before);
  }

  @Override
  public EventLog open(String worker) {
    return new MemoryLog(cluster, worker);
  }

  @Override
  public EventLog openToBeStopped(String worker) {
    return open(worker);
  }

  @Override
  public void stop(Member member) {
    cluster.freeze(member.worker);
  }

  @Override
  public void go(Member member) {
    cluster.thaw(member.worker);
  }

  @Override
  public void dieWithin(Member member, Write write) {
    cluster.faults((who, step) -> step == Step.LEDGERS ? Fault.CRASH_AFTER : Fault.PROCEED);
    try {
      throw new AssertionError("survived with " + member.write(write));
    } catch (CrashError expected) {
      cluster.faults(Faults.NONE);
    }
  }

  @Override
  public Set<String> members() {
    return Set.copyOf(cluster.members());
  }

  @Override
  public void produce(ProducerRecord<byte[], byte[]> record) {
    if (!(cluster.produce(record) instanceof Written)) {
      throw new AssertionError("not stored: " + record);
    }
  }

  @Override
  public void produce(List<ProducerRecord<byte[], byte[]>> records, boolean committed) {
    if (committed) {
      cluster.produceCommitted(records);
    } else {
      cluster.produceAborted(records);
    }
  }

  @Override
  public List<String> read(String topic) {
    return cluster.read(topic).stream().map(r -> new String(r.value(), UTF_8)).toList();
  }

  @Override
  public void pass() {
    now = now.plus(LITTLE);
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
