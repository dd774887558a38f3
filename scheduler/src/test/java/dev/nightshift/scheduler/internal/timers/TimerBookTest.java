package dev.nightshift.scheduler.internal.timers;

import static dev.nightshift.scheduler.internal.timers.TimerLog.NOON;
import static dev.nightshift.scheduler.internal.timers.TimerLog.PLAN;
import static dev.nightshift.scheduler.internal.timers.TimerLog.VIEW;
import static dev.nightshift.scheduler.internal.timers.TimerLog.micros;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.KnownNames;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TimerBookTest {
  private static final TimerBook.Batch ALL = new TimerBook.Batch(1_000, 1 << 20);

  private final TimerLog log = new TimerLog();
  private final TimerBook book = TimerLog.book(1 << 20);

  private void read(ConsumerRecord<byte[], byte[]> record) {
    book.read(record, micros(NOON));
  }

  private List<String> written(List<Act> acts) {
    return acts.stream()
        .flatMap(act -> act.records().stream())
        .map(record ->
            record.topic().replace("nightshift.", "")
                + (record.key() == null ? "" : " " + new String(record.key(), UTF_8))
                + (record.headers().lastHeader("ns-timer-end") == null
                    ? ""
                    : " "
                        + header(record, "ns-timer-end")
                        + " to "
                        + header(record, "ns-timer-ended-to")))
        .toList();
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return new String(header.value(), UTF_8);
  }

  @Test
  void an_event_is_emitted_when_it_is_due_and_not_before() {
    book.own(true);
    read(log.event("a", NOON.plusNanos(2_000_500)));
    assertEquals(List.of(), book.acts(VIEW, NOON.plusNanos(2_000_499), ALL));
    List<Act> acts = book.acts(VIEW, NOON.plusNanos(2_001_000), ALL);
    assertEquals(List.of("events.shop", "delayed shop/a fired to 0"), written(acts));
    Headers headers = acts.getFirst().records().getFirst().headers();
    assertEquals("2026-11-26T12:00:00.002000500Z", text(headers.lastHeader("ns-due")));
    assertEquals(null, headers.lastHeader("ns-events-topic"));
    acts.forEach(book::done);
    assertEquals(0, book.size());
    assertEquals(List.of(), book.acts(VIEW, NOON.plusSeconds(9), ALL));
  }

  private static String text(Header header) {
    return new String(header.value(), UTF_8);
  }

  @Test
  void an_event_with_the_same_key_takes_the_formers_place() {
    book.own(true);
    read(log.event("a", NOON.plusSeconds(1)));
    read(log.event("a", NOON.plusSeconds(3)));
    assertEquals(1, book.size());
    assertEquals(List.of(), book.acts(VIEW, NOON.plusSeconds(2), ALL));
    assertEquals(
        List.of("events.shop", "delayed shop/a fired to 1"),
        written(book.acts(VIEW, NOON.plusSeconds(3), ALL)));
  }

  @Test
  void what_is_fired_says_when_it_was_emitted() {
    book.own(true);
    ConsumerRecord<byte[], byte[]> event = log.event("a", NOON);
    read(event);
    book.loaded(event);
    Act.Fire fire = (Act.Fire) book.acts(VIEW, NOON, ALL).getFirst();
    assertEquals(
        Instant.ofEpochMilli(event.timestamp()).toString(),
        header(fire.records().getFirst(), "ce_time"));
  }

  @Test
  void an_event_that_is_cancelled_leaves_a_trace_and_one_that_is_not_there_leaves_none() {
    book.own(true);
    read(log.event("a", NOON.plusSeconds(1)));
    read(log.cancel("a"));
    read(log.cancel("b"));
    assertEquals(0, book.size());
    List<Act> acts = book.acts(VIEW, NOON, ALL);
    assertEquals(
        List.of("traces shop/a/1", "delayed shop/a cancelled to 1", "delayed shop/b gone to 2"),
        written(acts));
    acts.forEach(book::done);
    assertEquals(0, book.doomed());
  }

  @Test
  void a_record_that_is_no_event_goes_to_the_dead_letters() {
    book.own(true);
    read(log.append("shop/a", new byte[0], Map.of("ce_id", "a", "ce_type", "mail")));
    assertArrayEquals(new long[] {0}, book.wanted(micros(NOON)));
    book.loaded(log.at(0));
    List<Act> acts = book.acts(VIEW, NOON, ALL);
    assertEquals(
        List.of(
            "dead shop/a", "traces /nightshift.delayed/0/0/0", "delayed shop/a undecodable to 0"),
        written(acts));
    assertEquals(
        "it has no header ns-canvas", header(acts.getFirst().records().getFirst(), "ns-reason"));
  }

  @TestFactory
  Stream<DynamicTest> what_is_no_event_is_said() {
    Map<String, String> good =
        Map.of("ce_id", "a", "ce_type", "mail", "ns-canvas", "shop", "ns-due", NOON.toString());
    return Stream.of(
        said(
            good,
            "shop/b",
            "ns-due",
            NOON.toString(),
            "its key is 'shop/b', not its canvas and id: 'shop/a'"),
        said(
            good,
            "shop/a",
            "ns-due",
            "noon",
            "its header ns-due is 'noon', which is no RFC 3339 time of the years 1970 to 9999"),
        said(
            good,
            "shop/a",
            "ns-due",
            "1969-12-31T00:00:00Z",
            "its header ns-due is '1969-12-31T00:00:00Z', which is no RFC 3339 time of the years 1970 to 9999"));
  }

  private DynamicTest said(
      Map<String, String> good, String key, String header, String value, String reason) {
    return DynamicTest.dynamicTest(
        reason,
        () -> {
          Map<String, String> headers = new HashMap<>(good);
          headers.put(header, value);
          assertEquals(
              new DelayedRecord.Undecodable(reason),
              DelayedRecord.of(log.append(key, new byte[0], headers), new KnownNames()));
        });
  }

  @Test
  void an_event_without_a_value_would_be_forgotten_and_is_refused() {
    assertEquals(
        new DelayedRecord.Undecodable(
            "it has no value, which the topic would forget: an event without a payload has an empty"
                + " one"),
        DelayedRecord.of(
            log.append(
                "shop/a",
                null,
                Map.of(
                    "ce_id", "a",
                    "ce_type", "mail",
                    "ns-canvas", "shop",
                    "ns-due", NOON.toString())),
            new KnownNames()));
  }

  @Test
  void events_of_a_canvas_that_is_gone_end_at_once_and_those_of_its_next_generation_do_not() {
    book.own(true);
    read(log.event("a", NOON.plusSeconds(1)));
    read(log.event("far", NOON.plusSeconds(10_000)));
    ControlView next =
        VIEW.with(new Canvas("shop", 1, PLAN.events("shop", 1), PLAN.workersGroup(), true))
            .with(new Canvas("shop", 2, PLAN.events("shop", 2), PLAN.workersGroup(), false));
    assertEquals(Map.of(), book.dead(VIEW));
    assertEquals(
        Map.of(
            0,
            "the canvas shop was deleted since, and created again: the event was for"
                + " nightshift.events.shop, not for nightshift.events.shop.2"),
        book.dead(next));
    // It is not emitted even before it is ended.
    assertEquals(List.of(), book.acts(next, NOON.plusSeconds(2), ALL));
    assertEquals(1, book.sweep(0, "gone", 1, 100));
    assertEquals(1, book.sweep(0, "gone", 2, 100));
    assertEquals(0, book.size());
    assertArrayEquals(new long[] {1}, book.wanted(micros(NOON)));
    book.loaded(log.at(1));
    assertEquals(
        List.of(
            "traces shop/a/1",
            "delayed shop/a canvas_deleted to 0",
            "traces shop/far/1",
            "delayed shop/far canvas_deleted to 1"),
        written(book.acts(next, NOON, ALL)));
  }

  // Its predecessor's end stands behind it.
  private ConsumerRecord<byte[], byte[]> movedWhileItsPredecessorIsEmitted() {
    book.own(true);
    read(log.event("a", NOON.plusSeconds(1)));
    List<Act> acts = book.acts(VIEW, NOON.plusSeconds(1), ALL);
    ConsumerRecord<byte[], byte[]> moved = log.event("a", NOON.plusSeconds(5));
    List<ConsumerRecord<byte[], byte[]>> ends = log.write(acts.getFirst());
    acts.forEach(book::done);
    read(moved);
    ends.forEach(this::read);
    return moved;
  }

  /// A compaction would take it for ended.
  @Test
  void an_event_that_was_written_while_its_predecessor_was_emitted_is_written_once_more() {
    ConsumerRecord<byte[], byte[]> moved = movedWhileItsPredecessorIsEmitted();
    assertEquals(1, book.size());
    assertArrayEquals(new long[] {1}, book.wanted(micros(NOON)));
    book.loaded(moved);
    List<Act> acts = book.acts(VIEW, NOON.plusSeconds(9), ALL);
    assertEquals(List.of("delayed shop/a"), written(acts));
    assertEquals(NOON.toString(), header(acts.getFirst().records().getFirst(), "ce_time"));
    List<ConsumerRecord<byte[], byte[]>> ends = log.write(acts.getFirst());
    acts.forEach(book::done);
    assertEquals(0, book.size());
    ends.forEach(this::read);
    assertEquals(1, book.size());
    assertEquals(
        List.of("events.shop", "delayed shop/a fired to 3"),
        written(book.acts(VIEW, NOON.plusSeconds(9), ALL)));
  }

  @Test
  void one_that_cannot_be_written_once_more_goes_to_the_dead_letters() {
    ConsumerRecord<byte[], byte[]> moved = movedWhileItsPredecessorIsEmitted();
    book.loaded(moved);
    Act again = book.acts(VIEW, NOON, ALL).getFirst();
    assertEquals(List.of("delayed shop/a"), written(List.of(again)));
    book.refused(again, "RecordTooLargeException: too large");
    List<Act> acts = book.acts(VIEW, NOON, ALL);
    assertEquals(
        List.of("dead shop/a", "traces shop/a/1", "delayed shop/a refused to 1"), written(acts));
    assertEquals(
        "it waits, and cannot be stored once more: RecordTooLargeException: too large",
        header(acts.getFirst().records().getFirst(), "ns-reason"));
    log.write(acts.getFirst()).forEach(this::read);
    acts.forEach(book::done);
    assertEquals(0, book.size());
    assertEquals(List.of(), book.acts(VIEW, NOON.plusSeconds(9), ALL));
  }

  @Test
  void what_is_due_later_is_read_when_it_is_due_soon_and_the_earliest_first_if_not_all_fits() {
    TimerBook small = TimerLog.book(2_500);
    small.own(true);
    for (int i = 0; i < 10; i++) {
      small.read(log.event("e" + i, NOON.plusSeconds(100 - i)), micros(NOON));
    }
    assertArrayEquals(new long[] {}, small.wanted(micros(NOON)));
    // Two fit.
    assertArrayEquals(new long[] {8, 9}, small.wanted(micros(NOON.plusSeconds(60))));
    small.loaded(log.at(9));
    // One that is due earlier takes the latest one's place.
    small.read(log.event("soon", NOON.plusSeconds(61)), micros(NOON.plusSeconds(60)));
    assertArrayEquals(new long[] {}, small.wanted(micros(NOON.plusSeconds(60))));
    List<Act> acts = small.acts(VIEW, NOON.plusSeconds(61), ALL);
    assertEquals(List.of("events.shop", "delayed shop/soon fired to 10"), written(acts));
    acts.forEach(small::done);
    assertArrayEquals(new long[] {8}, small.wanted(micros(NOON.plusSeconds(61))));
    small.missing(8);
    assertEquals(9, small.size());
  }

  @Test
  void what_no_topic_takes_goes_to_the_dead_letters_and_if_even_they_do_not_it_only_ends() {
    book.own(true);
    read(log.event("a", NOON));
    Act act = book.acts(VIEW, NOON, ALL).getFirst();
    book.refused(act, "RecordTooLargeException: too large");
    act = book.acts(VIEW, NOON, ALL).getFirst();
    assertEquals(
        List.of("dead shop/a", "traces shop/a/1", "delayed shop/a refused to 0"),
        written(List.of(act)));
    assertEquals(
        "it cannot be emitted when it is due: RecordTooLargeException: too large",
        header(act.records().getFirst(), "ns-reason"));
    assertEquals(NOON.toString(), header(act.records().getFirst(), "ce_time"));
    book.refused(act, "RecordTooLargeException: too large");
    act = book.acts(VIEW, NOON, ALL).getFirst();
    assertEquals(
        List.of("dead", "traces shop/a/1", "delayed shop/a refused to 0"), written(List.of(act)));
    assertEquals(null, act.records().getFirst().value());
    assertEquals("true", header(act.records().getFirst(), "ns-payload-left"));
    book.refused(act, "RecordTooLargeException: too large");
    act = book.acts(VIEW, NOON, ALL).getFirst();
    assertEquals(List.of("traces shop/a/1", "delayed shop/a refused to 0"), written(List.of(act)));
    book.refused(act, "RecordTooLargeException: too large");
    assertEquals(List.of("delayed shop/a refused to 0"), written(book.acts(VIEW, NOON, ALL)));
  }

  @Test
  void while_a_topic_rests_its_events_wait_and_others_do_not() {
    ControlView two =
        VIEW.with(new Canvas("news", 1, PLAN.events("news", 1), PLAN.workersGroup(), false));
    book.own(true);
    read(log.event("a", NOON));
    read(
        log.append(
            "news/b",
            new byte[0],
            Map.of(
                "ce_id", "b", "ce_type", "mail", "ns-canvas", "news", "ns-due", NOON.toString())));
    book.rest(PLAN.events("shop", 1), micros(NOON.plusSeconds(1)));
    assertEquals(
        List.of("events.news", "delayed news/b fired to 1"), written(book.acts(two, NOON, ALL)));
    assertArrayEquals(new long[] {0}, book.wanted(micros(NOON)));
    book.loaded(log.at(0));
    Act.Fire late = (Act.Fire) book.acts(two, NOON.plusSeconds(1), ALL).getLast();
    assertEquals(List.of("events.shop", "delayed shop/a fired to 0"), written(List.of(late)));
    assertEquals(micros(NOON), late.dueMicros());
  }
}
