package dev.nightshift.scheduler.internal.timers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.EventTime;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.EndRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// The records by which events of one partition are emitted or end. Immutable.
public final class TimerRecords {
  private static final int FRAME_BYTES = 100;
  private static final int HEADER_BYTES = 10;

  private final TopicPlan plan;
  private final int partition;
  private final EndRecords ends;

  /// @param partition of the delayed topic
  public TimerRecords(TopicPlan plan, int partition, EndRecords ends) {
    this.plan = plan;
    this.partition = partition;
    this.ends = ends;
  }

  /// An event that is due.
  ///
  /// @param topic where it goes
  /// @param dueMicros when it was due
  Act.Fire fire(Timer timer, ConsumerRecord<byte[], byte[]> record, String topic, long dueMicros) {
    Headers headers = new RecordHeaders();
    for (Header header : record.headers()) {
      if (!header.key().equals(EventHeaders.EVENTS_TOPIC)) {
        headers.add(header);
      }
    }
    EventTime.keep(headers, record);
    // Any partition, as of any event.
    return fire(
        timer,
        dueMicros,
        List.of(
            new ProducerRecord<>(topic, null, null, null, record.value(), headers),
            end(record.key(), "fired", timer.offset())));
  }

  private static Act.Fire fire(
      Timer timer, long dueMicros, List<ProducerRecord<byte[], byte[]>> records) {
    return new Act.Fire(timer, dueMicros, records, bytes(records));
  }

  /// An event that ends.
  ///
  /// @param doomed is ready
  Act.End end(Doomed doomed, Instant now) {
    String how = how(doomed.fate());
    List<ProducerRecord<byte[], byte[]>> records = records(doomed, how, now);
    return new Act.End(doomed.through(), how, records, bytes(records));
  }

  private List<ProducerRecord<byte[], byte[]>> records(Doomed doomed, String how, Instant now) {
    if (doomed.fate() instanceof Fate.Gone(byte[] key)) {
      return List.of(end(key, how, doomed.through()));
    }
    ConsumerRecord<byte[], byte[]> record = doomed.record().orElseThrow();
    if (doomed.fate() instanceof Fate.Rewritten) {
      Headers headers = new RecordHeaders(record.headers());
      EventTime.keep(headers, record);
      return List.of(
          new ProducerRecord<>(
              plan.delayed(), partition, null, record.key(), record.value(), headers));
    }
    List<ProducerRecord<byte[], byte[]>> all = toldOf(doomed.fate(), record, now);
    List<ProducerRecord<byte[], byte[]>> records =
        new ArrayList<>(
            switch (doomed.told()) {
              case WHOLE -> all;
              case WITHOUT_PAYLOAD ->
                  all.stream()
                      .map(each -> isLetter(each) ? ends.withoutPayload(each) : each)
                      .toList();
              case TRACE -> all.stream().filter(each -> !isLetter(each)).toList();
              case NOTHING -> List.of();
            });
    records.add(end(record.key(), how, doomed.through()));
    return records;
  }

  private boolean isLetter(ProducerRecord<byte[], byte[]> record) {
    return record.topic().equals(plan.dead());
  }

  private List<ProducerRecord<byte[], byte[]>> toldOf(
      Fate fate, ConsumerRecord<byte[], byte[]> record, Instant now) {
    return switch (fate) {
      case Fate.Gone _, Fate.Rewritten _ -> List.of();
      case Fate.Cancelled(_, String actor) -> {
        EventEnvelope event = event(record);
        yield List.of(
            ends.trace(
                event,
                event.claimedCanvas().orElseThrow(),
                Outcome.CANCELLED,
                "cancelled by " + actor + " before it was due",
                now));
      }
      case Fate.CanvasDeleted(String canvas, String reason) ->
          List.of(ends.trace(event(record), canvas, Outcome.CANVAS_DELETED, reason, now));
      case Fate.Undecodable(String reason) ->
          List.of(
              ends.dead(record, Outcome.UNDECODABLE, reason),
              ends.undecodable(record, reason, now));
      case Fate.Refused(String canvas, String reason) ->
          List.of(
              ends.dead(record, Outcome.EXHAUSTED, reason),
              ends.trace(event(record), canvas, Outcome.EXHAUSTED, reason, now));
    };
  }

  private static EventEnvelope event(ConsumerRecord<byte[], byte[]> record) {
    return EventEnvelope.read(record, false);
  }

  /// As `ns-timer-end` says it.
  private static String how(Fate fate) {
    return switch (fate) {
      case Fate.Cancelled _ -> "cancelled";
      case Fate.Gone _ -> "gone";
      case Fate.CanvasDeleted _ -> "canvas_deleted";
      case Fate.Undecodable _ -> "undecodable";
      case Fate.Refused _ -> "refused";
      case Fate.Rewritten _ -> "rewritten";
    };
  }

  private ProducerRecord<byte[], byte[]> end(byte[] key, String how, long through) {
    Headers headers = new RecordHeaders();
    headers.add(EventHeaders.TIMER_END, how.getBytes(US_ASCII));
    headers.add(EventHeaders.TIMER_ENDED_TO, Long.toString(through).getBytes(US_ASCII));
    return new ProducerRecord<>(plan.delayed(), partition, null, key, null, headers);
  }

  private static long bytes(List<ProducerRecord<byte[], byte[]>> records) {
    long sum = 0;
    for (ProducerRecord<byte[], byte[]> record : records) {
      sum += FRAME_BYTES + (record.value() == null ? 0 : record.value().length);
      for (Header header : record.headers()) {
        sum += HEADER_BYTES + header.key().length() + length(header);
      }
    }
    return sum;
  }

  private static int length(Header header) {
    return header.value() == null ? 0 : header.value().length;
  }
}
