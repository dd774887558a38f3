package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.record.DeadDone;
import dev.nightshift.common.record.DeadDoneRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;

/// What became of the letters that are there, as the topic of ends says it. Owned by one thread.
/// Pure.
final class LetterEnds {
  /// So many ends of letters that are gone are kept, to be removed.
  private static final int GONE_MAX = 10_000;

  private final Uuid topicId;
  private final Map<Integer, Long> starts;
  private final Optional<LetterId> wanted;
  private final LetterSet redriven = new LetterSet();
  private final LetterSet discarded = new LetterSet();
  private final Set<String> gone = new LinkedHashSet<>();
  private Optional<LetterEnd> end = Optional.empty();

  /// Knows none yet.
  ///
  /// @param topicId Kafka's id of the dead topic
  /// @param starts the first offset that is there, of each partition of the dead topic
  /// @param wanted whose end is kept whole
  LetterEnds(Uuid topicId, Map<Integer, Long> starts, Optional<LetterId> wanted) {
    this.topicId = topicId;
    this.starts = starts;
    this.wanted = wanted;
  }

  /// Reads one record. What is no end, or a newer version's, is passed over.
  void read(ConsumerRecord<byte[], byte[]> record) {
    String key = record.key() == null ? "" : new String(record.key(), UTF_8);
    if (record.value() == null) {
      gone.remove(key);
      return;
    }
    DeadDoneRecord done;
    try {
      done = RecordCodec.DEAD_DONE.decode(record.value());
    } catch (RecordCodec.UndecodableRecordException e) {
      return;
    }
    LetterId letter = new LetterId(done.getPartition(), done.getOffset());
    if (!isThere(done.getTopicId(), letter)) {
      if (gone.size() < GONE_MAX) {
        gone.add(key);
      }
      return;
    }
    (done.getWhat() == DeadDone.REDRIVEN ? redriven : discarded).add(letter);
    if (wanted.equals(Optional.of(letter))) {
      end = Optional.of(LetterEnd.of(done));
    }
  }

  private boolean isThere(String ofTopic, LetterId letter) {
    return ofTopic.equals(topicId.toString())
        && letter.offset() >= starts.getOrDefault(letter.partition(), Long.MAX_VALUE);
  }

  LetterState state(LetterId letter) {
    if (redriven.contains(letter)) {
      return LetterState.REDRIVEN;
    }
    return discarded.contains(letter) ? LetterState.DISCARDED : LetterState.OPEN;
  }

  /// The end of the letter that is wanted whole.
  Optional<LetterEnd> end() {
    return end;
  }

  /// Keys of ends whose letters are gone, perhaps not all.
  List<String> gone() {
    return Collections.unmodifiableList(new ArrayList<>(gone));
  }
}
