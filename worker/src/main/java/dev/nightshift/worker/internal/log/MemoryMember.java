package dev.nightshift.worker.internal.log;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/// One membership in a [MemoryGroup], from joining to leaving or expulsion: what the group knows of
/// the member, and what the member knows of the group. Owned by the cluster's thread.
final class MemoryMember {
  private final String worker;
  private final SortedSet<TopicPartition> owned = new TreeSet<>(MemoryAssignor.ORDER);

  /// What the last completed rebalance gave; the member owns it only after it has heard of it.
  private SortedSet<TopicPartition> assignment = Collections.emptySortedSet();

  private Set<String> subscription = Set.of();

  /// The last generation that the member has heard of; 0 before the first.
  private int generation;

  /// Whether it has joined a rebalance whose outcome it has not heard.
  private boolean joining;

  private boolean wantsRebalance;
  private Instant lastPoll;

  /// Since when its process, frozen or dead, sends no heartbeats.
  private Optional<Instant> silentSince = Optional.empty();

  MemoryMember(String worker, Instant now) {
    this.worker = worker;
    this.lastPoll = now;
  }

  String worker() {
    return worker;
  }

  Set<String> subscription() {
    return subscription;
  }

  void subscribe(Set<String> topics) {
    wantsRebalance |= !topics.equals(subscription);
    subscription = Set.copyOf(topics);
  }

  /// What it holds: nobody else gets these.
  SortedSet<TopicPartition> owned() {
    return owned;
  }

  SortedSet<TopicPartition> assignment() {
    return assignment;
  }

  /// A rebalance gives it these; it hears of it at its next poll.
  void assign(SortedSet<TopicPartition> partitions) {
    assignment = partitions;
  }

  int generation() {
    return generation;
  }

  /// It has heard the outcome of a rebalance.
  void enter(int newGeneration) {
    generation = newGeneration;
    joining = false;
  }

  boolean joining() {
    return joining;
  }

  void joining(boolean now) {
    joining = now;
  }

  /// Whether it will ask for a rebalance at its next poll; asked once.
  boolean takeWantsRebalance() {
    boolean wanted = wantsRebalance;
    wantsRebalance = false;
    return wanted;
  }

  /// It has given partitions up, which others wait for.
  void gaveUp(Set<TopicPartition> partitions) {
    owned.removeAll(partitions);
    wantsRebalance = true;
  }

  Instant lastPoll() {
    return lastPoll;
  }

  void polled(Instant now) {
    lastPoll = now;
  }

  Optional<Instant> silentSince() {
    return silentSince;
  }

  void silentSince(Optional<Instant> since) {
    silentSince = since;
  }
}
