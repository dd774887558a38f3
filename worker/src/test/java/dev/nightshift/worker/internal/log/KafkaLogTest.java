package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.NotWritten;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Unknown;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Written;
import dev.nightshift.worker.internal.log.KafkaLogSettings.Protocol;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What only Kafka can do to a log: be down, be slow, be told otherwise, lose an answer.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KafkaLogTest extends ContractSteps {
  private LocalKafka kafka;

  @BeforeAll
  void startKafka() {
    kafka =
        LocalKafka.start(
            LocalKafka.Settings.defaults()
                .with("offset.metadata.max.bytes", "2000")
                .with(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "true"));
  }

  @AfterAll
  void stopKafka() {
    kafka.close();
  }

  @Override
  LogFixture open() {
    return new KafkaFixture(kafka.bootstrapServers(), Protocol.CLASSIC);
  }

  private KafkaFixture fixture() {
    return (KafkaFixture) cluster;
  }

  @Test
  void aBrokerThatIsDownShowsAsEmptyPollsAndUnknownWrites() {
    Member a = owner("a");
    emit(first, "before");
    until(() -> a.values().equals(List.of("before")), a);
    kafka.stop();
    a.turn();
    assertInstanceOf(Unknown.class, a.write(commit(first, 1, "into the void")));
    assertThrows(IllegalStateException.class, () -> a.write(commit(first, 1, "too early")));
    assertInstanceOf(Unknown.class, a.log.resolve());
    a.turn();

    kafka.restart();
    WriteResult[] result = new WriteResult[1];
    until(
        () -> {
          result[0] = a.log.resolve();
          return !(result[0] instanceof Unknown);
        },
        a);
    assertInstanceOf(NotWritten.class, result[0]);
    emit(first, "after");
    until(() -> a.values().getLast().equals("after") && a.owned.size() == 1, a);
    String other = cluster.topic("other");
    cluster.createTopic(other, 1);
    Write moves = transaction(first, "moved", record(new TopicPartition(other, 0), "moved"));
    // No former owner's commit is taken.
    if (a.revoked.isEmpty() && a.lost.isEmpty()) {
      assertEquals(
          Optional.of(new NotWritten("a commit that was not answered may still arrive", true)),
          a.log.begin(moves));
    }
    write(a, first, 2, "all is well");
    until(() -> a.write(moves) instanceof Written, a);
    untilStored(other, "moved");
  }

  @Test
  void aTransactionToABrokerThatIsDownIsNotWritten() {
    Member a = owner("a");
    cluster.createTopic(retry, 1);
    assertWritten(a.write(transaction(first, "one", record(later, "one"))));
    kafka.stop();
    assertInstanceOf(NotWritten.class, a.write(transaction(first, "two", record(later, "two"))));
    kafka.restart();
    until(() -> a.write(transaction(first, "three", record(later, "three"))) instanceof Written, a);
    untilStored(retry, "one", "three");
  }

  @Test
  void aTransactionWhoseAnswerWasLostIsFoundOut() {
    assertEquals(new Written(), loseCommit(true));
    untilStored(retry, "one", "two", "three");
  }

  @Test
  void aTransactionWhoseCommitWasLostIsFoundOut() {
    assertInstanceOf(NotWritten.class, loseCommit(false));
    untilStored(retry, "one", "three");
  }

  private WriteResult loseCommit(boolean afterwards) {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    KafkaLogSettings settings = fixture().settings("a", Duration.ofMinutes(1));
    AtomicBoolean lose = new AtomicBoolean();
    Member a = join("a", new KafkaLog(settings, losing(settings, lose, afterwards)), events);
    until(() -> a.owned.size() == 1, a);
    assertWritten(a.write(transaction(first, "one", record(later, "one"))));
    lose.set(true);
    WriteResult result = a.write(transaction(first, "two", record(later, "two")));
    lose.set(false);
    assertWritten(a.write(transaction(first, "three", record(later, "three"))));
    return result;
  }

  /// Producers whose commits are not answered while `lose` says so, and done or not.
  @SuppressWarnings("unchecked")
  private static Supplier<Producer<byte[], byte[]>> losing(
      KafkaLogSettings settings, AtomicBoolean lose, boolean afterwards) {
    return () -> {
      Producer<byte[], byte[]> real =
          new KafkaProducer<>(
              settings.producer(), new ByteArraySerializer(), new ByteArraySerializer());
      return (Producer<byte[], byte[]>)
          Proxy.newProxyInstance(
              Producer.class.getClassLoader(),
              new Class<?>[] {Producer.class},
              (proxy, method, arguments) -> {
                boolean lost = lose.get() && method.getName().equals("commitTransaction");
                try {
                  if (!lost || afterwards) {
                    Object answer = method.invoke(real, arguments);
                    if (!lost) {
                      return answer;
                    }
                  }
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
                throw new TimeoutException("lost by the test");
              });
    };
  }

  @Test
  void aLiveWorkerThatIsFencedGoesOnWithANewProducer() {
    Member a = owner("a");
    cluster.createTopic(retry, 1);
    assertWritten(a.write(transaction(first, "one", record(later, "one"))));
    fixture().fence("a");
    assertInstanceOf(NotWritten.class, a.write(transaction(first, "two", record(later, "two"))));
    assertWritten(a.write(transaction(first, "three", record(later, "three"))));
    untilStored(retry, "one", "three");
  }

  @Test
  void theBrokersRefuseWhoDoesNotKnowThatHeWasRemoved() {
    Member a = owner("a");
    cluster.createTopic(retry, 1);
    assertWritten(a.write(transaction(first, "one", record(later, "one"))));
    fixture().removeMembers();
    assertInstanceOf(NotWritten.class, a.write(transaction(first, "two", record(later, "two"))));
    assertInstanceOf(NotWritten.class, a.write(commit(first, 0, "two")));
    until(() -> a.lost.size() == 1 && a.owned.size() == 1, a);
    assertEquals(Optional.of(new Committed(0, "one")), a.at(first).committed());
    untilStored(retry, "one");
  }

  @Test
  void aPartitionWithAPendingTransactionOfALiveWorkerIsAnnouncedWhenItEnds() {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member live = join("live", retry);
    until(() -> live.owned.size() == 1, live);
    var pending =
        fixture().begin("live", transaction(first, "of another", record(later, "of another")));
    Member a = join("a", events);
    until(() -> cluster.members().contains("a"), a, live);
    emit(later, "waits for it");
    AtomicInteger turns = new AtomicInteger();
    until(() -> turns.incrementAndGet() > 30, a, live);
    assertEquals(Map.of(), a.owned);
    pending.commitTransaction();
    pending.close();
    until(() -> a.owned.size() == 1, a, live);
    assertEquals(Optional.of(new Committed(0, "of another")), a.at(first).committed());
  }

  @Test
  void brokersThatAllowSmallerLedgersAreNoGood() {
    Member a = owner("a");
    cluster.createTopic(retry, 1);
    String allowedByDefault = "x".repeat(3_000);
    LogFatalException alone =
        assertThrows(LogFatalException.class, () -> a.write(commit(first, 0, allowedByDefault)));
    assertEquals(
        "OffsetMetadataTooLarge: The metadata field of the offset request was too large. Raise"
            + " the brokers' offset.metadata.max.bytes to 4096, its default, or more",
        alone.getMessage());
    Write transaction = transaction(first, allowedByDefault, record(later, "never"));
    LogFatalException together = assertThrows(LogFatalException.class, () -> a.write(transaction));
    assertTrue(together.toString().endsWith("to 4096, its default, or more"));
    assertWritten(a.write(transaction(first, "short", record(later, "stored"))));
    untilStored(retry, "stored");
  }

  @Test
  void aLedgerOfADeletedTopicHoldsTheLoopUpOnce() {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = join("a");
    until(() -> a.owned.size() == 2, a);
    assertWritten(a.write(transaction(first, "one", record(later, "one"))));
    cluster.deleteTopic(events);
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertInstanceOf(NotWritten.class, a.write(commit(first, 0, "try " + i)));
      assertInstanceOf(
          NotWritten.class, a.write(transaction(first, "try " + i, record(later, "never"))));
    }
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(8).toNanos());
    until(() -> a.owned.size() == 1, a);
    write(a, later, 0, "goes on");
  }

  @Test
  void aTransactionWithTheLedgerOfADeletedTopicIsBounded() {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = join("a");
    until(() -> a.owned.size() == 2, a);
    assertWritten(a.write(transaction(first, "one", record(later, "one"))));
    cluster.deleteTopic(events);
    assertInstanceOf(NotWritten.class, a.write(transaction(first, "two", record(later, "never"))));
    until(() -> a.write(transaction(later, "three", record(later, "three"))) instanceof Written, a);
    untilStored(retry, "one", "three");
  }

  @Test
  void aTopicThatMustNotBeReadIsLeftOutAndTheOthersGoOn() {
    cluster.createTopic(events, 1);
    String closed = cluster.topic("closed");
    cluster.createTopic(closed, 1);
    Member a = join("a", events, closed);
    until(() -> a.owned.size() == 2, a);
    fixture().forbidReading(closed);
    var both =
        Map.of(first, new Committed(0, "a"), new TopicPartition(closed, 0), new Committed(0, "b"));
    until(() -> a.write(Write.commit(both)) instanceof NotWritten, a);
    until(() -> a.owned.keySet().equals(Set.of(first)), a);
    assertEquals(Set.of(closed), a.forbidden);
    emit(first, "goes on");
    until(() -> a.values().equals(List.of("goes on")), a);
    write(a, first, 1, "all is well");
    Member b = join("b", events, closed);
    until(() -> b.forbidden.equals(Set.of(closed)), a, b);
  }

  @Test
  void aWakeupEndsAWaitAndNoWrite() {
    Member a = owner("a");
    a.log.wakeup();
    assertWritten(a.write(commit(first, 0, "undisturbed")));
    long start = System.nanoTime();
    a.log.poll(Duration.ofSeconds(20), a);
    Thread waker = Thread.startVirtualThread(a.log::wakeup);
    a.log.poll(Duration.ofSeconds(20), a);
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(10).toNanos());
    assertWritten(a.write(commit(first, 0, "undisturbed again")));
    until(() -> !waker.isAlive());
  }

  @Test
  void aLogWithoutTopicsWaitsAndCanBeWoken() {
    Member a = new Member("a", cluster.open("a"));
    a.log.wakeup();
    assertEquals(List.of(), a.log.poll(Duration.ofSeconds(20), a));
    assertEquals(List.of(), a.log.poll(Duration.ofMillis(1), a));
    a.log.close();
  }

  @Test
  void aTopicThatIsDroppedLastIsRevokedWithinAPoll() {
    Member a = owner("a");
    cluster.createTopic(retry, 1);
    a.log.subscribe(Set.of());
    assertEquals(1, a.owned.size());
    a.turn();
    assertEquals(List.of(first), a.revoked);
    assertInstanceOf(
        NotWritten.class, a.write(transaction(first, "no member", record(later, "never"))));
    a.log.subscribe(Set.of(events));
    until(() -> a.owned.size() == 1, a);
  }

  @Test
  void wrongSettingsSayWhatToDo() {
    KafkaLogSettings wrong =
        new KafkaLogSettings(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.poll.records", "many"),
            fixture().settings("a", Duration.ofMinutes(1)).topics(),
            "g",
            "a",
            Protocol.CLASSIC);
    LogFatalException e = assertThrows(LogFatalException.class, () -> new KafkaLog(wrong));
    assertEquals(
        "ConfigException: Invalid value many for configuration max.poll.records: Not a number of"
            + " type INT. Correct the settings of the worker's Kafka clients",
        e.getMessage());
  }

  private Member owner(String worker) {
    cluster.createTopic(events, 1);
    Member member = join(worker, events);
    until(() -> member.owned.containsKey(new TopicPartition(events, 0)), member);
    return member;
  }
}
