package dev.nightshift.worker.internal.log;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// One member of the workers' group: what the loop reads, and the only way by which it writes.
/// Owned by the loop's thread, except [#wakeup]. [KafkaLog] and [MemoryLog] pass one contract test.
public interface EventLog extends AutoCloseable {
  /// What the loop is told during [#poll], on its own thread.
  interface Assignments {
    /// These partitions are ours from now on. Their committed ledgers have been read, with the
    /// transactions of workers that are gone ended before. Reading goes on at [Assigned#start],
    /// unless the loop seeks. A partition whose ledger cannot be read yet is announced by a later
    /// poll, and nothing of it is read before.
    void assigned(Map<TopicPartition, Assigned> partitions);

    /// These partitions go to somebody else once this call returns: the last moment to write for
    /// them. Names only partitions that were announced by [#assigned].
    void revoked(Collection<TopicPartition> partitions);

    /// These partitions are somebody else's already: nothing may be written for them. Names only
    /// partitions that were announced by [#assigned].
    void lost(Collection<TopicPartition> partitions);

    /// This worker may not read these topics, so it leaves them out, and tries again by itself from
    /// time to time. Their partitions are taken away in the usual way. Said again at each try.
    void forbidden(Set<String> topics, String reason);
  }

  /// A partition as it was when it was assigned.
  ///
  /// @param topicId the topic's id, which a topic of the same name made later does not have
  /// @param committed what the last owner wrote, if anything
  /// @param logStart the first offset that can be read
  /// @param logEnd the offset after the last one that can be read
  record Assigned(Uuid topicId, Optional<Committed> committed, long logStart, long logEnd) {
    /// Where reading goes on unless the loop seeks: at the committed base, or at the log's start if
    /// there is none or it lies outside the log.
    public long start() {
      return committed
          .map(Committed::base)
          .filter(base -> base >= logStart && base <= logEnd)
          .orElse(logStart);
    }
  }

  /// A partition's committed offset and its metadata.
  record Committed(long base, String metadata) {
    /// The longest metadata, in characters: what a broker allows by default
    /// (`offset.metadata.max.bytes`, which counts characters). Longer ones are rejected without
    /// asking it.
    public static final int METADATA_CHARS_MAX = 4_096;
  }

  /// One write: the ledgers of some partitions, and the records that must be stored with them or
  /// not at all. Without records it is a plain commit, with records a transaction. Never empty of
  /// ledgers. A transaction changes at least one of its ledgers: this is how a result that was not
  /// heard is found out.
  record Write(
      Map<TopicPartition, Committed> ledgers, List<ProducerRecord<byte[], byte[]>> records) {
    /// A plain commit.
    public static Write commit(Map<TopicPartition, Committed> ledgers) {
      return new Write(ledgers, List.of());
    }

    /// Checks that there are ledgers.
    public Write {
      if (ledgers.isEmpty()) {
        throw new IllegalArgumentException("a write needs the ledger of at least one partition");
      }
    }

    /// Checks that what is on its way leaves room for this write.
    ///
    /// @param unresolved whether nobody knows what became of the last write
    /// @param flying the transaction that goes on beside, if there is one
    public void mustNotMeet(boolean unresolved, Optional<Write> flying) {
      if (unresolved) {
        throw new IllegalStateException(
            "nobody knows what became of the last write: resolve it first");
      }
      boolean meets =
          flying.isPresent()
              && (!records.isEmpty()
                  || !Collections.disjoint(flying.get().ledgers.keySet(), ledgers.keySet()));
      if (meets) {
        throw new IllegalStateException("a transaction is on its way: it has to land first");
      }
    }

    /// What makes this write impossible on any broker, if anything.
    Optional<String> problem() {
      return ledgers.entrySet().stream()
          .filter(e -> e.getValue().metadata().length() > Committed.METADATA_CHARS_MAX)
          .findFirst()
          .map(e ->
              "the ledger of %s has %,d characters; at most %,d are allowed"
                  .formatted(
                      e.getKey(), e.getValue().metadata().length(), Committed.METADATA_CHARS_MAX));
    }
  }

  /// How a write ended.
  sealed interface WriteResult {
    /// All of it is stored.
    record Written() implements WriteResult {}

    /// It may be tried again after the next [#poll]: a rebalance is under way, this member's
    /// generation is old, the broker was not reached. Of a transaction nothing is stored; of a
    /// plain commit some ledgers may be.
    ///
    /// @param commitFirst whether a plain commit of its ledgers must be answered before it is tried
    ///   again; only of a transaction
    record NotWritten(String reason, boolean commitFirst) implements WriteResult {
      /// One that is just tried again.
      public NotWritten(String reason) {
        this(reason, false);
      }
    }

    /// Nobody knows. Nothing else may be written until [#resolve] says what became of it.
    record Unknown(String reason) implements WriteResult {}

    /// None of it is stored, nor will it ever be: at least one of the records or ledgers cannot be
    /// stored.
    ///
    /// @param topics the records' topics that cannot be written to (gone, not allowed); empty if it
    ///   is a record or a ledger that is bad (too large)
    record Rejected(String reason, Set<String> topics) implements WriteResult {
      /// Keeps a copy.
      public Rejected {
        topics = Set.copyOf(topics);
      }

      static Rejected bad(String reason) {
        return new Rejected(reason, Set.of());
      }
    }
  }

  /// Reads these topics from now on, instead of those before. Partitions come and go within
  /// [#poll].
  void subscribe(Set<String> topics);

  /// Takes what there is, waiting up to `wait` for a first record; may return early with nothing.
  /// `assignments` is called within. Trouble that may pass (no broker, a leader that moves) shows
  /// as an empty list.
  List<ConsumerRecord<byte[], byte[]>> poll(Duration wait, Assignments assignments);

  /// Makes a [#poll] that waits, or else the next one, return at once. Any thread may call it.
  void wakeup();

  /// Reads no more of these assigned partitions until [#resume]. Partitions that are no longer
  /// assigned are passed over.
  void pause(Collection<TopicPartition> partitions);

  /// Reads these assigned partitions again. Partitions that are no longer assigned are passed over.
  void resume(Collection<TopicPartition> partitions);

  /// Goes on reading an assigned partition at `offset`; does nothing if it is no longer assigned.
  void seek(TopicPartition partition, long offset);

  /// Commits some partitions' ledgers, and returns when the result is known or the log's time for
  /// it is over. Callable within `revoked`.
  WriteResult commit(Map<TopicPartition, Committed> ledgers);

  /// Begins a transaction and returns; it goes on beside the loop. Until [#landed] has said how it
  /// ended no other one may begin, and no commit may touch its partitions. Callable within
  /// `revoked`.
  ///
  /// @return its result, if it is known at once; then nothing has begun
  Optional<WriteResult> begin(Write transaction);

  /// How the transaction that was begun has ended; empty while it is on its way. A poll that waits
  /// returns when it has. Callable within `revoked`.
  Optional<WriteResult> landed();

  /// What became of the last write, whose result was [WriteResult.Unknown]: `Written` or
  /// `NotWritten`, or again `Unknown`. Never `Rejected`: the next try says so.
  WriteResult resolve();

  /// Leaves the group at once and frees what is held. Writes nothing.
  @Override
  void close();
}
