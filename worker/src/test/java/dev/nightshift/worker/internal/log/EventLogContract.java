package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.junit.jupiter.api.Test;

/// What the loop may rely on, of each [EventLog]: here what it writes. A method's name is what is
/// promised.
abstract class EventLogContract extends ReadContract {
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
          assertWritten(a.write(Write.commit(last)));
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
          assertWritten(a.write(new Write(ledgers, List.of(record(later, "moved")))));
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
    assertInstanceOf(NotWritten.class, a.write(commit(first, 0, "of a zombie")));
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
    assertWritten(a.write(transaction(first, "of a", record(later, "one"))));
    expelAndReplace(a, events);
    cluster.go(a);
    assertInstanceOf(
        NotWritten.class, a.write(transaction(first, "of a zombie", record(later, "two"))));
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
    assertWritten(a.write(new Write(ledgers, records)));
    assertWritten(a.write(transaction(first, "three", record(later, "z"))));
    untilStored(retry, "x", "z", "y");
    a.log.close();
    Member b = join("b", events);
    until(() -> b.owned.size() == 2, b);
    assertEquals(Optional.of(new Committed(0, "three")), b.at(first).committed());
    assertEquals(Optional.of(new Committed(0, "two")), b.at(second).committed());
  }

  @Test
  void aTransactionGoesOnBesideWhatIsCommittedOfOtherPartitions() {
    cluster.createTopic(events, 2);
    cluster.createTopic(retry, 1);
    Member a = join("a", events);
    until(() -> a.owned.size() == 2, a);
    assertThrows(IllegalStateException.class, a.log::landed);
    var beside = transaction(first, "beside", record(later, "x"));
    assertEquals(Optional.empty(), a.log.begin(beside));
    assertWritten(a.write(commit(second, 0, "meanwhile")));
    assertThrows(IllegalStateException.class, () -> a.write(commit(first, 0, "too early")));
    assertThrows(
        IllegalStateException.class,
        () -> a.log.begin(transaction(second, "too early", record(later, "never"))));

    WriteResult[] result = new WriteResult[1];
    until(
        () -> {
          a.log.landed().ifPresent(each -> result[0] = each);
          return result[0] != null;
        },
        a);
    assertWritten(result[0]);
    untilStored(retry, "x");
    assertWritten(a.write(commit(first, 0, "after")));
    a.log.close();
    Member b = join("b", events);
    until(() -> b.owned.size() == 2, b);
    assertEquals(Optional.of(new Committed(0, "after")), b.at(first).committed());
    assertEquals(Optional.of(new Committed(0, "meanwhile")), b.at(second).committed());
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
        a.write(
            transaction(
                first, "never", record(later, "never"), bad, record(later, "not that either")));
    Rejected rejected = assertInstanceOf(Rejected.class, result, result::toString);
    assertEquals(topics, rejected.topics(), result::toString);
    assertWritten(a.write(transaction(first, "after", record(later, "stored"))));
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
        a.write(Write.commit(ledgers)));
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
    assertWritten(a.write(Write.commit(ledgers)));
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
    assertWritten(b.write(transaction(first, "of b", record(later, "of b"))));
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
    assertWritten(again.write(transaction(first, "again", record(later, "again"))));
    untilStored(retry, "again");
  }
}
