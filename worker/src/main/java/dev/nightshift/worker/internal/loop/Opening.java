package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.LedgerCodec;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.EventLog;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Reads a partition's written ledger when it is assigned, and throws it away where it does not fit
/// the log: offsets outlive a topic, other tools write metadata of their own, and somebody may have
/// trimmed. In doubt nothing is known to be done. Pure but for what it reports.
final class Opening {
  private Opening() {}

  /// What was found of an assigned partition.
  record Found(
      TopicPartition id, long assignment, Partition.Kind kind, EventLog.Assigned assigned) {}

  static Partition open(Found found, long nanos, Consumer<WorkerEvent> events) {
    LedgerCodec.Decoded known = known(found, events);
    long logStart = found.assigned().logStart();
    TopicPartition id = found.id();
    Partition partition =
        new Partition(id, found.assignment(), found.kind(), known.ledger(), known.writer());
    long base = partition.ledger().base();
    if (base < logStart) {
      events.accept(new WorkerEvent.EventsVanished(id.topic(), id.partition(), base, logStart));
      partition.skipTo(logStart, nanos);
    }
    partition.recover(found.assigned().logEnd());
    long claimed = partition.ledger().claims();
    events.accept(
        new WorkerEvent.Assigned(id.topic(), id.partition(), partition.ledger().base(), claimed));
    return partition;
  }

  private static LedgerCodec.Decoded known(Found found, Consumer<WorkerEvent> events) {
    EventLog.Assigned assigned = found.assigned();
    if (assigned.committed().isEmpty()) {
      return nothing(assigned, assigned.logStart());
    }
    EventLog.Committed committed = assigned.committed().get();
    if (committed.base() > assigned.logEnd()) {
      String reason =
          "its base " + committed.base() + " lies behind the log's end " + assigned.logEnd();
      return discarded(found, reason, events);
    }
    if (committed.metadata().isEmpty()) {
      // Somebody set the group's offset by hand, which is an order.
      return nothing(assigned, committed.base());
    }
    try {
      LedgerCodec.Decoded decoded = LedgerCodec.decode(committed.base(), committed.metadata());
      if (decoded.ledger().topicId().equals(assigned.topicId())) {
        return decoded;
      }
      String reason =
          "it speaks of topic id "
              + decoded.ledger().topicId()
              + ", the topic of this name is now "
              + assigned.topicId();
      return discarded(found, reason, events);
    } catch (LedgerCodec.UnreadableException e) {
      return discarded(found, String.valueOf(e.getMessage()), events);
    }
  }

  private static LedgerCodec.Decoded discarded(
      Found found, String reason, Consumer<WorkerEvent> events) {
    TopicPartition id = found.id();
    events.accept(new WorkerEvent.LedgerDiscarded(id.topic(), id.partition(), reason));
    return nothing(found.assigned(), found.assigned().logStart());
  }

  private static LedgerCodec.Decoded nothing(EventLog.Assigned assigned, long base) {
    return new LedgerCodec.Decoded(Ledger.empty(assigned.topicId(), base), "");
  }
}
