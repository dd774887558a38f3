package dev.nightshift.worker.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.NotWritten;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// How [EventLogContract] speaks.
abstract class ContractSteps {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  LogFixture cluster;
  String events;
  String retry;
  TopicPartition first;
  TopicPartition second;
  TopicPartition later;
  private final List<Member> members = new ArrayList<>();

  abstract LogFixture open();

  @BeforeEach
  void start() {
    cluster = open();
    events = cluster.topic("events");
    retry = cluster.topic("retry");
    first = new TopicPartition(events, 0);
    second = new TopicPartition(events, 1);
    later = new TopicPartition(retry, 0);
  }

  @AfterEach
  void stop() {
    members.forEach(m -> m.log.close());
    cluster.close();
  }

  Member join(String worker) {
    return join(worker, events, retry);
  }

  Member join(String worker, String... topics) {
    return join(worker, cluster.open(worker), topics);
  }

  Member joinToBeStopped(String worker, String... topics) {
    return join(worker, cluster.openToBeStopped(worker), topics);
  }

  Member join(String worker, EventLog log, String... topics) {
    Member member = new Member(worker, log);
    members.add(member);
    member.log.subscribe(Set.of(topics));
    return member;
  }

  Member expelAndReplace(Member gone, String... topics) {
    Member next = join("next", topics);
    cluster.stop(gone);
    until(() -> !cluster.members().contains(gone.worker), next);
    until(() -> next.owned.keySet().equals(gone.owned.keySet()), next);
    return next;
  }

  /// Polls all of these, again and again, until it holds.
  void until(BooleanSupplier condition, Member... polling) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("waited in vain; members: " + cluster.members() + ", " + shown(polling));
      }
      for (Member member : polling) {
        member.turn();
      }
      cluster.pass();
    }
  }

  /// Waits until exactly this is stored: markers of a transaction are written after its end.
  void untilStored(String topic, String... values) {
    until(() -> cluster.read(topic).equals(List.of(values)));
  }

  private static String shown(Member... polling) {
    Set<String> shown = new HashSet<>();
    for (Member m : polling) {
      shown.add(m.worker + " owns " + m.owned.keySet() + " and has read " + m.values());
    }
    return shown.toString();
  }

  /// A plain commit, again after each poll while a rebalance is in its way.
  void write(Member member, TopicPartition partition, long base, String metadata) {
    until(
        () -> {
          WriteResult result = member.write(commit(partition, base, metadata));
          assertTrue(
              result instanceof Written || result instanceof NotWritten, () -> "was " + result);
          return result instanceof Written;
        },
        member);
  }

  static void assertWritten(WriteResult result) {
    assertEquals(new Written(), result);
  }

  static Write commit(TopicPartition partition, long base, String metadata) {
    return Write.commit(Map.of(partition, new Committed(base, metadata)));
  }

  @SafeVarargs
  static Write transaction(
      TopicPartition partition, String metadata, ProducerRecord<byte[], byte[]>... records) {
    return new Write(Map.of(partition, new Committed(0, metadata)), List.of(records));
  }

  void emit(TopicPartition partition, String... values) {
    for (String value : values) {
      cluster.produce(record(partition, value));
    }
  }

  static ProducerRecord<byte[], byte[]> record(TopicPartition partition, String value) {
    return new ProducerRecord<>(
        partition.topic(), partition.partition(), null, value.getBytes(UTF_8));
  }
}
