package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.run.AttemptKey;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The partitions that are this worker's, as they come and go. Owned by the loop's thread, which is
/// within a poll when they do.
final class Owned implements EventLog.Assignments {
  // How long the last write for partitions that are taken away may be tried: the whole group waits
  // for it, and nothing of it is lost without it but time.
  private static final Duration LAST_WRITE_MAX = Duration.ofSeconds(2);

  private final LoopSettings settings;
  private final LoopTime time;
  private final Parts parts;
  private final Turn turn;
  private final Map<TopicPartition, Partition> partitions = new HashMap<>();
  private Set<Partition> going = Set.of();
  private long assignments;
  private boolean joined;

  /// What is told of them.
  record Parts(
      EventLog log,
      Intake intake,
      InFlight inFlight,
      Scribe scribe,
      Consumer<WorkerEvent> events) {}

  /// What the loop goes on with while partitions are taken away.
  interface Turn {
    /// Hears what ended, waiting so long at most for a first one.
    void hear(Duration wait);

    /// Writes what is due.
    void write();

    /// What may not start at the moment.
    Stops stops();

    /// Whether the worker's time to drain is over.
    boolean over();
  }

  Owned(LoopSettings settings, LoopTime time, Parts parts, Turn turn) {
    this.settings = settings;
    this.time = time;
    this.parts = parts;
    this.turn = turn;
  }

  /// All of them.
  Collection<Partition> all() {
    return Collections.unmodifiableCollection(partitions.values());
  }

  /// How many there are; empty as long as the group has given none.
  OptionalInt held() {
    return joined ? OptionalInt.of(partitions.size()) : OptionalInt.empty();
  }

  /// None if it is not this worker's.
  @Nullable Partition find(TopicPartition id) {
    return partitions.get(id);
  }

  /// Whether it is being taken away: nothing of it starts or goes into a lane any more.
  boolean isGoing(Partition partition) {
    return going.contains(partition);
  }

  /// None if it was given up.
  @Nullable Attempt attempt(AttemptKey key) {
    Partition partition = partitions.get(key.partition());
    boolean ours = partition != null && partition.assignment() == key.assignment();
    return partition != null && ours ? partition.attempt(key.offset()) : null;
  }

  @Override
  public void assigned(Map<TopicPartition, EventLog.Assigned> assigned) {
    joined = true;
    assigned.forEach((id, what) -> {
      Partition.Kind kind = Partition.Kind.of(id.topic(), settings.topics());
      Partition partition =
          Opening.open(
              new Opening.Found(id, ++assignments, kind, what), time.nanos(), parts.events());
      partitions.put(id, partition);
      if (partition.position() != what.committed().map(c -> c.base()).orElse(what.logStart())) {
        parts.log().seek(id, partition.position());
      }
      parts.scribe().touched(partition);
      parts.intake().came(partition, turn.stops());
    });
    if (partitions.isEmpty()) {
      parts.events().accept(new WorkerEvent.NothingAssigned());
    }
  }

  @Override
  public void revoked(Collection<TopicPartition> ids) {
    going = take(ids);
    going.forEach(partition ->
        parts.inFlight().release(partition, attempt -> attempt.phase() == Attempt.Phase.CLAIMED));
    letFinish(going);
    turn.hear(Duration.ZERO);
    for (Partition partition : going) {
      int given = parts.inFlight().release(partition, Attempt::open);
      parts
          .events()
          .accept(
              new WorkerEvent.Revoked(partition.id().topic(), partition.id().partition(), given));
    }
    lastWrite(going);
    forget(going);
    going = Set.of();
  }

  @Override
  public void lost(Collection<TopicPartition> ids) {
    Set<Partition> gone = take(ids);
    for (Partition partition : gone) {
      List<Attempt> were = partition.attempts();
      were.stream()
          .filter(a -> a.phase() != Attempt.Phase.SETTLING)
          .forEach(parts.inFlight()::giveUp);
      parts
          .events()
          .accept(
              new WorkerEvent.Lost(
                  partition.id().topic(), partition.id().partition(), were.size()));
    }
    forget(gone);
  }

  @Override
  public void forbidden(Set<String> topics, String reason) {
    parts.events().accept(new WorkerEvent.TopicsForbidden(Set.copyOf(topics), reason));
  }

  // What waits of them is forgotten at once, what runs is not.
  private Set<Partition> take(Collection<TopicPartition> ids) {
    Set<Partition> taken = new HashSet<>();
    for (TopicPartition id : ids) {
      Partition partition = partitions.get(id);
      if (partition != null) {
        taken.add(partition);
      }
    }
    parts.intake().forget(taken);
    return taken;
  }

  private void forget(Set<Partition> gone) {
    parts.scribe().forget(gone);
    parts.intake().forget(gone);
    gone.forEach(partition -> partitions.remove(partition.id(), partition));
  }

  // Most handlers take less time than a rebalance: what ends soon need not run twice.
  private void letFinish(Set<Partition> going) {
    long until = time.nanos() + settings.revocationGrace().toNanos();
    while (time.nanos() - until < 0
        && (going.stream().anyMatch(Partition::runs) || parts.scribe().hasEnds(going))) {
      turn.hear(WorkerLoop.WAIT_RUNNING);
      turn.write();
    }
  }

  // What is not written in time counts as lost for the next owner.
  private void lastWrite(Set<Partition> going) {
    long until = time.nanos() + LAST_WRITE_MAX.toNanos();
    while (parts.scribe().unwritten(going) && time.nanos() - until < 0 && !turn.over()) {
      if (!parts.scribe().write(false, true)) {
        turn.hear(WorkerLoop.WAIT_RUNNING);
      }
    }
  }
}
