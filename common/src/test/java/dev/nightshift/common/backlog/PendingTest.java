package dev.nightshift.common.backlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.KnownNames;
import dev.nightshift.common.QueueName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PendingTest {
  private static final int NO_VALUE = ConsumerRecord.NULL_SIZE;
  private final Pending pending = new Pending(new KnownNames());
  private long offset;

  @Test
  void each_event_counts_once_in_the_queue_of_its_last_record() {
    event("e1", "mail");
    event("e2", "mail");
    event("e2", "bill");
    event("e1", "mail");
    assertEquals(Map.of("shop/mail", 1L, "shop/bill", 1L), counts());
  }

  @Test
  void one_that_has_ended_counts_no_more_unless_it_is_emitted_again() {
    event("e1", "mail");
    event("e2", "mail");
    add("shop/e1", NO_VALUE, Map.of("ns-timer-end", "fired"));
    add("shop/e2", NO_VALUE, Map.of("ns-timer-end", "fired"));
    add("shop/e3", NO_VALUE, Map.of("ns-timer-end", "gone"));
    event("e2", "mail");
    assertEquals(Map.of("shop/mail", 1L), counts());
  }

  @Test
  void one_that_was_moved_while_the_former_was_ended_counts() {
    event("e1", "mail"); // at offset 0
    event("e1", "bill");
    add("shop/e1", NO_VALUE, Map.of("ns-timer-end", "fired", "ns-timer-ended-to", "0"));
    assertEquals(Map.of("shop/bill", 1L), counts());
    add("shop/e1", NO_VALUE, Map.of("ns-timer-end", "fired", "ns-timer-ended-to", "1"));
    assertEquals(Map.of(), counts());
  }

  @Test
  void one_that_is_to_be_cancelled_does_not_count() {
    event("e1", "mail");
    event("e2", "mail");
    add("shop/e1", 0, headers("e1", "mail", "ns-cancel", "ada"));
    add("shop/e2", NO_VALUE, headers("e2", "mail", "ns-cancel", "ada"));
    assertEquals(Map.of(), counts());
  }

  @Test
  void what_is_no_event_does_not_count() {
    event("e1", "no queue");
    add(null, 1, headers("e2", "mail", "ns-canvas", "shop"));
    assertEquals(Map.of(), counts());
  }

  private void event(String id, String queue) {
    add("shop/" + id, 7, headers(id, queue, "ns-canvas", "shop"));
  }

  private static Map<String, String> headers(String id, String queue, String name, String value) {
    return Map.of("ce_id", id, "ce_type", queue, name, value);
  }

  private void add(@Nullable String key, int valueBytes, Map<String, String> headers) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach((name, value) -> all.add(name, value.getBytes(UTF_8)));
    pending.add(
        new ConsumerRecord<>(
            "delayed",
            0,
            offset++,
            0,
            TimestampType.CREATE_TIME,
            0,
            valueBytes,
            key == null ? null : key.getBytes(UTF_8),
            null, // payloads are not read
            all,
            Optional.empty()));
  }

  private Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    pending.count((QueueName queue, long count) -> counts.put(queue.toString(), count));
    return counts;
  }
}
