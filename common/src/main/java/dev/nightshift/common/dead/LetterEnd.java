package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.record.DeadDone;
import dev.nightshift.common.record.DeadDoneRecord;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;

/// Who redrove or discarded a dead letter, when and why. Immutable.
///
/// @param state never [LetterState#OPEN]
/// @param reason in the actor's words; may be empty
public record LetterEnd(LetterState state, Instant at, String actor, String reason) {
  /// All of them lie in one partition, so that they are read in their order.
  static final int PARTITION = 0;

  /// The record that says it.
  ///
  /// @param topic where it is written
  /// @param deadTopicId Kafka's id of the dead topic
  ProducerRecord<byte[], byte[]> record(String topic, Uuid deadTopicId, LetterId letter) {
    DeadDoneRecord record =
        new DeadDoneRecord(
            deadTopicId.toString(),
            letter.partition(),
            letter.offset(),
            state == LetterState.REDRIVEN ? DeadDone.REDRIVEN : DeadDone.DISCARDED,
            at,
            actor,
            reason);
    return new ProducerRecord<>(
        topic, PARTITION, key(deadTopicId, letter), RecordCodec.DEAD_DONE.encode(record));
  }

  static LetterEnd of(DeadDoneRecord record) {
    return new LetterEnd(
        record.getWhat() == DeadDone.REDRIVEN ? LetterState.REDRIVEN : LetterState.DISCARDED,
        record.getAt(),
        record.getActor(),
        record.getReason());
  }

  private static byte[] key(Uuid deadTopicId, LetterId letter) {
    return (deadTopicId + "/" + letter).getBytes(UTF_8);
  }
}
