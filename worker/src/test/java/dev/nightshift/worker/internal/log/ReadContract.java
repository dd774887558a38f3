package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/// What the loop may rely on, of each [EventLog]: here what it reads.
abstract class ReadContract extends ContractSteps {
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
}
