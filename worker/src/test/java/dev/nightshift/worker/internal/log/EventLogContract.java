package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.NotWritten;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Rejected;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/// What the loop may rely on, of each [EventLog]. A method's name is what is promised.
abstract class EventLogContract extends ContractSteps {
  // What is read.

  @Test
  void aNewOwnerIsToldWhatTheLastOneWrote() {
    Uuid id = cluster.createTopic(events, 1);
    emit(first, "a", "b", "c");
    Member a = join("a");
    until(() -> a.values().equals(List.of("a", "b", "c")), a);
    assertEquals(Optional.empty(), a.at(first).committed());
    write(a, first, 2, "ledger of a");
    a.log.close();

    Member b = join("b");
    until(() -> b.values().equals(List.of("c")), b);
    var assigned = b.at(first);
    assertEquals(Optional.of(new Committed(2, "ledger of a")), assigned.committed());
    assertEquals(id, assigned.topicId());
    assertEquals(0, assigned.logStart());
    assertEquals(3, assigned.logEnd());
    assertEquals(2, assigned.start());
  }

  @Test
  void recordsComeInOrderWithoutWhatWasAborted() {
    cluster.createTopic(events, 1);
    emit(first, "a");
    cluster.produce(List.of(record(first, "never")), false);
    emit(first, "b");
    cluster.produce(List.of(record(first, "c"), record(first, "d")), true);
    emit(first, "e");

    Member a = join("a");
    until(() -> a.records.size() == 5, a);
    assertEquals(List.of("a", "b", "c", "d", "e"), a.values());
    assertEquals(List.of(0L, 3L, 4L, 5L, 7L), a.records.stream().map(r -> r.offset()).toList());
  }

  @Test
  void aPausedPartitionWaitsAndTheOthersGoOn() {
    cluster.createTopic(events, 2);
    Member a = join("a");
    until(() -> a.owned.size() == 2, a);
    a.log.pause(List.of(first));
    emit(first, "held");
    emit(second, "read");
    until(() -> a.values().contains("read"), a);
    assertEquals(List.of("read"), a.values());
    a.log.resume(List.of(first));
    until(() -> a.values().equals(List.of("read", "held")), a);
  }

  @Test
  void seekGoesOnElsewhere() {
    cluster.createTopic(events, 1);
    emit(first, "a", "b", "c");
    Member a = join("a");
    until(() -> a.records.size() == 3, a);
    a.log.seek(first, 1);
    until(() -> a.values().equals(List.of("a", "b", "c", "b", "c")), a);
  }

  @Test
  void whatIsNotAssignedIsNeitherPausedNorMoved() {
    cluster.createTopic(events, 1);
    Member a = join("a");
    until(() -> a.owned.size() == 1, a);
    a.log.pause(List.of(second, later));
    a.log.resume(List.of(second, later));
    a.log.seek(later, 3);
    emit(first, "a");
    until(() -> a.values().equals(List.of("a")), a);
  }

  @Test
  void addedPartitionsAreReadFromTheirStart() {
    cluster.createTopic(events, 1);
    Member a = join("a");
    until(() -> a.owned.size() == 1, a);
    cluster.addPartitions(events, 2);
    emit(second, "early");
    until(() -> a.values().equals(List.of("early")), a);
    assertEquals(Optional.empty(), a.at(second).committed());
  }

  @Test
  void aNewSubscriptionBringsPartitionsAndTakesOthers() {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = join("a");
    until(() -> a.owned.keySet().equals(Set.of(first, later)), a);
    a.log.subscribe(Set.of(events));
    until(() -> a.owned.keySet().equals(Set.of(first)), a);
    assertEquals(List.of(later), a.revoked);
    a.log.subscribe(Set.of(events, retry));
    until(() -> a.owned.keySet().equals(Set.of(first, later)), a);
    assertEquals(List.of(later), a.revoked);
  }

  /// This is why a ledger names its topic's id, and why no name is used twice.
  @Test
  void aTopicMadeAgainHasAnotherIdAndMayHaveALedgerOfTheOldOne() {
    Uuid old = cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = join("a", retry);
    until(() -> a.owned.size() == 1, a);
    cluster.deleteTopic(events);
    Uuid made = cluster.createTopic(events, 1);
    emit(first, "c");
    write(a, first, 2, "of the old topic");
    a.log.close();

    Member b = join("b", events);
    until(() -> b.values().equals(List.of("c")), b);
    var assigned = b.at(first);
    assertNotEquals(old, made);
    assertEquals(made, assigned.topicId());
    assertEquals(Optional.of(new Committed(2, "of the old topic")), assigned.committed());
    assertEquals(1, assigned.logEnd());
    assertEquals(0, assigned.start());
  }

  @Test
  void aDeletedTopicIsRevokedAndTheOthersGoOn() {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = join("a");
    until(() -> a.owned.size() == 2, a);
    cluster.deleteTopic(events);
    until(() -> a.owned.keySet().equals(Set.of(later)), a);
    emit(later, "a");
    until(() -> a.values().equals(List.of("a")), a);
    write(a, later, 1, "");
  }

  // Who may write.

  @Test
  void aPartitionIsGivenOnOnlyAfterItsOwnerHasLetItGo() {
    cluster.createTopic(events, 4);
    Member a = join("a");
    until(() -> a.owned.size() == 4, a);
    Member b = join("b");
    Map<TopicPartition, Committed> last = new HashMap<>();
    a.onRevoke =
        partitions -> {
          assertTrue(partitions.stream().noneMatch(b.owned::containsKey));
          partitions.forEach(p -> last.put(p, new Committed(0, "last words on " + p)));
          assertWritten(a.log.write(Write.commit(last)));
        };
    until(() -> a.owned.size() == 2 && b.owned.size() == 2, a, b);
    assertEquals(last.keySet(), b.owned.keySet());
    last.forEach((p, ledger) -> assertEquals(Optional.of(ledger), b.at(p).committed()));
    assertEquals(List.of(), a.lost);
    emit(a.owned.firstKey(), "for a");
    emit(b.owned.firstKey(), "for b");
    until(() -> !a.records.isEmpty() && !b.records.isEmpty(), a, b);
    assertEquals(List.of("for a"), a.values());
    assertEquals(List.of("for b"), b.values());
    write(a, a.owned.firstKey(), 1, "kept");
  }

  @Test
  void aTransactionCanBeWrittenWithinARevocation() {
    cluster.createTopic(events, 2);
    cluster.createTopic(retry, 1);
    Member a = join("a", events);
    until(() -> a.owned.size() == 2, a);
    a.onRevoke =
        partitions -> {
          Map<TopicPartition, Committed> ledgers = new HashMap<>();
          partitions.forEach(p -> ledgers.put(p, new Committed(0, "moved")));
          assertWritten(a.log.write(new Write(ledgers, List.of(record(later, "moved")))));
        };
    Member b = join("b", events);
    until(() -> b.owned.size() == 1, a, b);
    assertEquals("moved", b.at(b.owned.firstKey()).committed().orElseThrow().metadata());
    untilStored(retry, "moved");
  }

  @Test
  void whoLeavesIsReplacedAtOnce() {
    cluster.createTopic(events, 2);
    Member a = join("a");
    Member b = join("b");
    until(() -> a.owned.size() == 1 && b.owned.size() == 1, a, b);
    a.log.close();
    until(() -> b.owned.size() == 2, b);
    assertEquals(Set.of("b"), cluster.members());
  }

  @Test
  void whoWasExpelledIsRefusedAndLosesEverything() {
    cluster.createTopic(events, 1);
    Member a = joinToBeStopped("a", events);
    until(() -> a.owned.size() == 1, a);
    write(a, first, 0, "of a");
    Member b = expelAndReplace(a, events);
    write(b, first, 0, "of b");

    cluster.go(a);
    assertInstanceOf(NotWritten.class, a.log.write(commit(first, 0, "of a zombie")));
    until(() -> a.lost.equals(List.of(first)), a, b);
    b.log.close();
    until(() -> a.owned.size() == 1, a);
    assertEquals(Optional.of(new Committed(0, "of b")), a.at(first).committed());
    assertEquals(List.of(), a.revoked);
    write(a, first, 0, "of a again");
  }

  @Test
  void whoWasExpelledWritesNoTransaction() {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = joinToBeStopped("a", events);
    until(() -> a.owned.size() == 1, a);
    assertWritten(a.log.write(transaction(first, "of a", record(later, "one"))));
    expelAndReplace(a, events);
    cluster.go(a);
    assertInstanceOf(
        NotWritten.class, a.log.write(transaction(first, "of a zombie", record(later, "two"))));
    untilStored(retry, "one");
  }

  /// This is why the loop never writes for a partition after its revocation.
  @Test
  void aLiveMemberOverwritesWhatItDoesNotOwn() {
    cluster.createTopic(events, 2);
    Member a = join("a");
    Member b = join("b");
    until(() -> a.owned.size() == 1 && b.owned.size() == 1, a, b);
    TopicPartition ofB = b.owned.firstKey();
    write(b, ofB, 0, "of b");
    write(a, ofB, 0, "of a stranger");
    b.log.close();
    until(() -> a.owned.containsKey(ofB), a);
    assertEquals("of a stranger", a.at(ofB).committed().orElseThrow().metadata());
  }

  // What a write does.

  @Test
  void aTransactionStoresAllOfIt() {
    cluster.createTopic(events, 2);
    cluster.createTopic(retry, 2);
    Member a = join("a", events);
    until(() -> a.owned.size() == 2, a);
    Map<TopicPartition, Committed> ledgers =
        Map.of(first, new Committed(0, "one"), second, new Committed(0, "two"));
    var records = List.of(record(later, "x"), record(new TopicPartition(retry, 1), "y"));
    assertWritten(a.log.write(new Write(ledgers, records)));
    assertWritten(a.log.write(transaction(first, "three", record(later, "z"))));
    untilStored(retry, "x", "z", "y");
    a.log.close();
    Member b = join("b", events);
    until(() -> b.owned.size() == 2, b);
    assertEquals(Optional.of(new Committed(0, "three")), b.at(first).committed());
    assertEquals(Optional.of(new Committed(0, "two")), b.at(second).committed());
  }

  @Test
  void aRecordThatIsTooLargeRejectsItsTransaction() {
    assertRejected(Set.of(), record(later, incompressible(3 << 20)));
  }

  private static String incompressible(int length) {
    return new Random(1)
        .ints(length, ' ', '~')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void aRecordWithoutATopicRejectsItsTransaction() {
    String gone = cluster.topic("gone");
    assertRejected(Set.of(gone), record(new TopicPartition(gone, 0), "x"));
  }

  @Test
  void aRecordWithoutAPartitionRejectsItsTransaction() {
    assertRejected(Set.of(retry), record(new TopicPartition(retry, 7), "x"));
  }

  private void assertRejected(Set<String> topics, ProducerRecord<byte[], byte[]> bad) {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = join("a", events);
    until(() -> a.owned.size() == 1, a);
    write(a, first, 0, "before");
    WriteResult result =
        a.log.write(
            transaction(
                first, "never", record(later, "never"), bad, record(later, "not that either")));
    Rejected rejected = assertInstanceOf(Rejected.class, result, result::toString);
    assertEquals(topics, rejected.topics(), result::toString);
    assertWritten(a.log.write(transaction(first, "after", record(later, "stored"))));
    untilStored(retry, "stored");
  }

  @Test
  void whoReadsBelowTheLogsStartGoesOnThere() {
    cluster.createTopic(events, 1);
    emit(first, "a", "b", "c");
    Member a = join("a", events);
    until(() -> a.values().size() == 3, a);
    cluster.trim(first, 2);
    a.log.seek(first, 0);
    until(() -> a.values().size() == 4, a);
    assertEquals(List.of("a", "b", "c", "c"), a.values());
  }

  @Test
  void aLedgerThatIsTooLongIsRejected() {
    cluster.createTopic(events, 2);
    Member a = join("a");
    until(() -> a.owned.size() == 2, a);
    write(a, first, 0, "before");
    var ledgers =
        Map.of(first, new Committed(0, "never"), second, new Committed(0, "x".repeat(4_097)));
    assertEquals(
        Rejected.bad(
            "the ledger of " + second + " has 4,097 characters; at most 4,096 are allowed"),
        a.log.write(Write.commit(ledgers)));
    a.log.close();
    Member b = join("b");
    until(() -> b.owned.size() == 2, b);
    assertEquals(Optional.of(new Committed(0, "before")), b.at(first).committed());
  }

  @Test
  void theLedgersOfManyPartitionsMayAllBeFull() {
    cluster.createTopic(events, 100);
    Member a = join("a");
    until(() -> a.owned.size() == 100, a);
    Map<TopicPartition, Committed> ledgers = new HashMap<>();
    IntStream.range(0, 100)
        .mapToObj(i -> new TopicPartition(events, i))
        .forEach(p -> ledgers.put(p, new Committed(0, fullLedger(p))));
    assertWritten(a.log.write(Write.commit(ledgers)));
    a.log.close();
    Member b = join("b");
    until(() -> b.owned.size() == 100, b);
    ledgers.forEach((p, ledger) -> assertEquals(Optional.of(ledger), b.at(p).committed()));
  }

  private static String fullLedger(TopicPartition partition) {
    char threeBytes = (char) (0x1000 + partition.partition());
    return String.valueOf(threeBytes).repeat(Committed.METADATA_CHARS_MAX);
  }

  // Workers that die.

  @Test
  void theNextOwnerEndsTheTransactionOfADeadWorker() {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = join("a", events);
    until(() -> a.owned.size() == 1, a);
    write(a, first, 0, "of a");
    cluster.dieWithin(a, transaction(first, "never", record(later, "never")));
    emit(later, "behind it");
    assertEquals(List.of(), cluster.read(retry));

    Member b = join("b", events);
    until(() -> b.owned.size() == 1, b);
    assertEquals(Optional.of(new Committed(0, "of a")), b.at(first).committed());
    until(() -> cluster.read(retry).equals(List.of("behind it")), b);
    assertWritten(b.log.write(transaction(first, "of b", record(later, "of b"))));
    until(() -> cluster.read(retry).equals(List.of("behind it", "of b")), b);
  }

  @Test
  void aWorkerThatStartsAgainEndsItsOwnTransaction() {
    cluster.createTopic(events, 1);
    cluster.createTopic(retry, 1);
    Member a = join("a", events);
    until(() -> a.owned.size() == 1, a);
    cluster.dieWithin(a, transaction(first, "never", record(later, "never")));
    Member again = join("a", events);
    until(() -> again.owned.size() == 1, again);
    assertEquals(Optional.empty(), again.at(first).committed());
    assertWritten(again.log.write(transaction(first, "again", record(later, "again"))));
    untilStored(retry, "again");
  }
}
