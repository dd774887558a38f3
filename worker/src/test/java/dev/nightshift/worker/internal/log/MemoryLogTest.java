package dev.nightshift.worker.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.NotWritten;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Unknown;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Written;
import dev.nightshift.worker.internal.log.Faults.Fault;
import dev.nightshift.worker.internal.log.Faults.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What only a log in memory can do: fail where a test wants it, in a time of its own.
final class MemoryLogTest {
  private static final TopicPartition EVENTS = new TopicPartition("events", 0);
  private static final TopicPartition RETRY = new TopicPartition("retry", 0);

  private Instant now = Instant.parse("2027-01-01T00:00:00Z");
  private final MemoryCluster cluster = new MemoryCluster(() -> now);

  @BeforeEach
  void topics() {
    cluster.createTopic("events", 1);
    cluster.createTopic("retry", 1);
  }

  @Test
  void aRefusedCommitIsNotWritten() {
    Member a = owner("a");
    failAt(Step.COMMIT, Fault.REFUSE);
    assertEquals(new NotWritten("COMMIT was refused"), a.write(commit("never")));
    assertEquals(Optional.empty(), cluster.committed(EVENTS));
    failNoMore();
    assertEquals(new Written(), a.write(commit("now")));
  }

  @ParameterizedTest
  @EnumSource(names = {"COMMIT", "END"})
  void aLostRequestIsUnknownAndThenNotWritten(Step step) {
    Member a = owner("a");
    failAt(step, Fault.LOSE_REQUEST);
    assertInstanceOf(Unknown.class, a.write(write(step)));
    assertThrows(IllegalStateException.class, () -> a.write(commit("too early")));
    for (Fault fault : List.of(Fault.REFUSE, Fault.LOSE_REQUEST, Fault.LOSE_ANSWER)) {
      failAt(Step.RESOLVE, fault);
      assertInstanceOf(Unknown.class, a.log.resolve());
    }
    failNoMore();
    assertInstanceOf(NotWritten.class, a.log.resolve());
    assertEquals(Optional.empty(), cluster.committed(EVENTS));
    assertEquals(List.of(), cluster.read("retry"));
    assertEquals(new Written(), a.write(write(step)));
  }

  @ParameterizedTest
  @EnumSource(names = {"COMMIT", "END"})
  void aLostAnswerIsUnknownAndThenWritten(Step step) {
    Member a = owner("a");
    failAt(step, Fault.LOSE_ANSWER);
    assertInstanceOf(Unknown.class, a.write(write(step)));
    failNoMore();
    assertEquals(new Written(), a.log.resolve());
    assertEquals(Optional.of(new Committed(0, "ledger")), cluster.committed(EVENTS));
    assertEquals(step == Step.END ? 1 : 0, cluster.read("retry").size());
    assertThrows(IllegalStateException.class, a.log::resolve);
  }

  @ParameterizedTest
  @EnumSource(names = {"SEND", "LEDGERS"})
  void aTransactionThatIsCutOffStaysOpenUntilTheNext(Step step) {
    Member a = owner("a");
    failAt(step, Fault.LOSE_ANSWER);
    assertInstanceOf(NotWritten.class, a.write(write(Step.END)));
    assertEquals(List.of("a"), cluster.openTransactions());
    failNoMore();
    assertEquals(new Written(), a.write(write(Step.END)));
    assertEquals(List.of(), cluster.openTransactions());
    assertEquals(List.of(2L), cluster.read("retry").stream().map(r -> r.offset()).toList());
  }

  @ParameterizedTest
  @EnumSource(names = {"SEND", "LEDGERS", "END"})
  void aCrashLeavesAllOfATransactionOrNothing(Step step) {
    for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      MemoryLogTest each = new MemoryLogTest();
      each.topics();
      each.crashIn(step, fault);
    }
  }

  private void crashIn(Step step, Fault fault) {
    Member a = owner("a");
    failAt(step, fault);
    assertThrows(CrashError.class, () -> a.write(write(Step.END)));
    failNoMore();
    assertThrows(CrashError.class, a::turn);
    boolean stored = step == Step.END && fault == Fault.CRASH_AFTER;
    now = now.plusSeconds(6);
    Member b = owner("b");
    assertEquals(stored, b.at(EVENTS).committed().isPresent());
    assertEquals(stored ? 1 : 0, cluster.read("retry").size());
    assertEquals(List.of(), cluster.openTransactions());
  }

  @Test
  void aCrashInARevocationKeepsThePartitionsUntilTheSessionIsOver() {
    Member a = owner("a");
    Member b = member("b");
    a.log.poll(Duration.ZERO, a);
    a.log.subscribe(Set.of("retry"));
    failAt(Step.REVOKE, Fault.CRASH_AFTER);
    assertThrows(
        CrashError.class,
        () -> {
          for (int i = 0; i < 10; i++) {
            b.turn();
            a.turn();
          }
        });
    failNoMore();
    b.turn();
    assertEquals(Optional.of("a"), cluster.owner(EVENTS));
    now = now.plusSeconds(6);
    b.turn();
    assertEquals(Optional.of("b"), cluster.owner(EVENTS));
  }

  @Test
  void ledgersThatCannotBeReadAreAnnouncedLater() {
    cluster.produce(record("event", EVENTS));
    Member a = member("a");
    failAt(Step.ASSIGN, Fault.REFUSE);
    a.turn();
    assertEquals(Map.of(), a.owned);
    assertEquals(List.of(), a.records);
    failNoMore();
    a.turn();
    assertEquals(Set.of(EVENTS), a.owned.keySet());
    assertEquals(List.of("event"), a.values());
  }

  @Test
  void aFrozenMemberIsExpelledAfterItsSession() {
    Member a = owner("a");
    cluster.freeze("a");
    assertThrows(IllegalStateException.class, a::turn);
    now = now.plusMillis(5_999);
    assertEquals(List.of("a"), cluster.members());
    now = now.plusMillis(1);
    assertEquals(List.of(), cluster.members());
    cluster.thaw("a");
    assertEquals(new NotWritten("a is not a member of the group"), a.write(commit("of a zombie")));
    a.turn();
    assertEquals(List.of(EVENTS), a.lost);
  }

  @Test
  void aFrozenMemberThatGoesOnInTimeNoticesNothing() {
    Member a = owner("a");
    cluster.freeze("a");
    now = now.plusMillis(5_999);
    cluster.thaw("a");
    now = now.plusSeconds(60);
    assertEquals(new Written(), a.write(commit("in time")));
  }

  @Test
  void aMemberThatDoesNotPollIsExpelled() {
    Member a = owner("a");
    now = now.plus(Duration.ofMinutes(5));
    assertInstanceOf(NotWritten.class, a.write(commit("late")));
  }

  @Test
  void anOpenTransactionTimesOut() {
    Member a = owner("a");
    failAt(Step.LEDGERS, Fault.CRASH_AFTER);
    assertThrows(CrashError.class, () -> a.write(write(Step.END)));
    failNoMore();
    cluster.produce(record("behind it", RETRY));
    now = now.plusMillis(9_999);
    assertEquals(List.of(), cluster.read("retry"));
    now = now.plusMillis(1);
    assertEquals(1, cluster.read("retry").size());
  }

  @Test
  void aWriteIsFencedThatSomebodyEndedMeanwhile() {
    Member a = owner("a");
    cluster.faults((who, step) -> {
      if (who.equals("a") && step == Step.END) {
        failNoMore();
        now = now.plusSeconds(10);
        cluster.freeze("a");
        now = now.plusSeconds(6);
        owner("b");
        cluster.thaw("a");
      }
      return Fault.PROCEED;
    });
    assertInstanceOf(NotWritten.class, a.write(write(Step.END)));
    assertEquals(List.of(), cluster.read("retry"));
    assertEquals(Optional.empty(), cluster.committed(EVENTS));
  }

  @Test
  void commitsAreRefusedBetweenJoiningARebalanceAndItsEnd() {
    Member a = owner("a");
    Member b = member("b");
    b.turn();
    assertEquals(new Written(), a.write(commit("before it joins")));
    assertInstanceOf(NotWritten.class, b.write(commit("no generation yet")));
    a.turn();
    assertEquals(new Written(), a.write(commit("in the new generation")));
    b.turn();
    cluster.rebalance();
    a.turn();
    assertEquals(new NotWritten("a rebalance is under way"), a.write(commit("while joining")));
    assertEquals(new Written(), a.write(write(Step.END)));
  }

  @Test
  void aTransactionIsOfTheGenerationInWhichItBegan() {
    Member a = owner("a");
    assertEquals(Optional.empty(), a.log.begin(write(Step.END)));
    cluster.rebalance();
    a.turn();
    assertInstanceOf(NotWritten.class, a.log.landed().orElseThrow());
    assertEquals(List.of(), cluster.read("retry"));
    assertEquals(new Written(), a.write(write(Step.END)));
  }

  @Test
  void anEmitterMayBeLeftInTheDark() {
    failAt(Step.PRODUCE, Fault.LOSE_ANSWER);
    assertInstanceOf(Unknown.class, cluster.produce(record("stored", RETRY)));
    failAt(Step.PRODUCE, Fault.LOSE_REQUEST);
    assertInstanceOf(Unknown.class, cluster.produce(record("not stored", RETRY)));
    assertEquals(1, cluster.read("retry").size());
    failNoMore();
    assertInstanceOf(
        WriteResult.Rejected.class,
        cluster.produce(record("nowhere", new TopicPartition("gone", 0))));
  }

  @Test
  void aTransactionThatChangesNoLedgerIsAMistake() {
    Member a = owner("a");
    assertEquals(new Written(), a.write(commit("ledger")));
    assertThrows(IllegalArgumentException.class, () -> a.write(write(Step.END)));
  }

  @Test
  void whatIsTrimmedIsNotRead() {
    for (String value : List.of("a", "b", "c")) {
      cluster.produce(record(value, EVENTS));
    }
    cluster.trim(EVENTS, 2);
    Member a = owner("a");
    assertEquals(List.of("c"), a.values());
    assertEquals(2, a.at(EVENTS).logStart());
  }

  private Member owner(String worker) {
    Member member = member(worker);
    for (int i = 0; i < 4; i++) {
      member.turn();
    }
    assertEquals(Set.of(EVENTS), member.owned.keySet());
    return member;
  }

  private Member member(String worker) {
    Member member = new Member(worker, new MemoryLog(cluster, worker));
    member.log.subscribe(Set.of("events"));
    return member;
  }

  private void failAt(Step where, Fault how) {
    cluster.faults((who, step) -> step == where ? how : Fault.PROCEED);
  }

  private void failNoMore() {
    cluster.faults(Faults.NONE);
  }

  private static Write write(Step step) {
    Write commit = commit("ledger");
    return step == Step.COMMIT ? commit : new Write(commit.ledgers(), List.of(record("x", RETRY)));
  }

  private static Write commit(String ledger) {
    return Write.commit(Map.of(EVENTS, new Committed(0, ledger)));
  }

  private static ProducerRecord<byte[], byte[]> record(String value, TopicPartition partition) {
    return new ProducerRecord<>(
        partition.topic(), partition.partition(), null, value.getBytes(UTF_8));
  }
}
