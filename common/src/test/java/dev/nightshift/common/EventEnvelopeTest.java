package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.EventEnvelope.Extras;
import dev.nightshift.common.EventEnvelope.UndecodableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventEnvelopeTest {
  private static final Instant STORED = Instant.parse("2026-01-02T03:04:05.678Z");

  @Test
  void an_event_of_any_emitter_is_read() {
    EventEnvelope event = read(false, "ce_type", "mail", "ce_id", "e1");
    assertEquals("e1", event.id());
    assertEquals("mail", event.queue());
    assertEquals(Optional.empty(), event.claimedCanvas());
    assertEquals(STORED, event.emittedAt());
    assertEquals(1, event.attempt());
    assertEquals(0, event.suspicion());
    assertEquals(Optional.empty(), event.notBefore());
    assertEquals("t/3/17", event.origin());
    assertEquals("t", event.originTopic());
    assertEquals("", event.history());
    assertArrayEquals("{}".getBytes(UTF_8), event.payload());
  }

  @Test
  void what_only_workers_may_say_counts_only_where_only_they_write() {
    String[] headers = {
      "ce_type", "mail",
      "ce_id", "e1",
      "ns-canvas", "shop",
      "ns-attempt", "3",
      "ns-suspicion", "2",
      "ns-not-before", "2026-02-03T04:05:06Z",
      "ns-origin", "events/1/2",
      "ns-history", "1 w1 x lost"
    };
    EventEnvelope trusted = read(true, headers);
    assertEquals(Optional.of("shop"), trusted.claimedCanvas());
    assertEquals(3, trusted.attempt());
    assertEquals(2, trusted.suspicion());
    assertEquals(Optional.of(Instant.parse("2026-02-03T04:05:06Z")), trusted.notBefore());
    assertEquals("events/1/2", trusted.origin());
    assertEquals("events", trusted.originTopic());
    assertEquals("1 w1 x lost", trusted.history());
    EventEnvelope claimed = read(false, headers);
    assertEquals(Optional.of("shop"), claimed.claimedCanvas());
    assertEquals(1, claimed.attempt());
    assertEquals(0, claimed.suspicion());
    assertEquals(Optional.empty(), claimed.notBefore());
    assertEquals("t/3/17", claimed.origin());
    assertEquals("", claimed.history());
  }

  @Test
  void extras_of_one_event_are_not_those_of_the_next() {
    KnownNames names = new KnownNames();
    String large = "s".repeat(5_000);
    Extras tagged = extras(names, "ce_source", "a", "tenant", "t1", "ns-attempt", "2");
    assertEquals(Optional.of("a"), tagged.source());
    assertEquals(List.of("tenant"), tagged.others().stream().map(Header::key).toList());
    assertEquals(
        new Extras(Optional.of("a"), Optional.empty(), List.of()), extras(names, "ce_source", "a"));
    assertEquals(Optional.of("b"), extras(names, "ce_source", "b").source());
    assertEquals(Optional.of(large), extras(names, "ce_source", large).source());
    assertEquals(
        new Extras(Optional.empty(), Optional.of("text/plain"), List.of()),
        extras(names, "content-type", "text/plain"));
    assertEquals(Extras.NONE, extras(names));
    assertEquals(
        Optional.of("last"), extras(names, "ce_source", "first", "ce_source", "last").source());
  }

  private static Extras extras(KnownNames names, String... headers) {
    List<String> all = new ArrayList<>(List.of("ce_type", "mail", "ce_id", "e1"));
    all.addAll(List.of(headers));
    return EventEnvelope.read(record(0, all.toArray(String[]::new)), false, names).extras();
  }

  @Test
  void what_nobody_trusts_need_not_even_be_right() {
    read(
        false,
        "ce_type",
        "mail",
        "ce_id",
        "e1",
        "ns-attempt",
        "many",
        "ns-not-before",
        "soon",
        "ns-origin",
        "home");
  }

  @Test
  void times_may_have_an_offset_and_the_last_header_of_a_name_counts() {
    assertEquals(
        Instant.parse("2026-01-02T02:04:05Z"),
        read(true, "ce_type", "mail", "ce_id", "e1", "ce_time", "2026-01-02T03:04:05+01:00")
            .emittedAt());
    ConsumerRecord<byte[], byte[]> twice =
        record(STORED.toEpochMilli(), "ce_type", "mail", "ce_id", "e1");
    twice.headers().add("ce_id", "e2".getBytes(UTF_8));
    assertEquals("e2", EventEnvelope.read(twice, false).id());
  }

  @Test
  void a_record_s_own_time_is_moved_into_the_years_that_there_are() {
    assertEquals(Instant.EPOCH, EventTime.stored(record(-1)));
    assertEquals(Instant.EPOCH, EventTime.stored(record(Long.MIN_VALUE)));
    Instant last = EventTime.stored(record(Long.MAX_VALUE));
    assertEquals(Instant.parse("9999-12-31T23:59:59.999Z"), last);
    assertEquals(
        last,
        read(true, "ce_type", "mail", "ce_id", "e1", "ce_time", last.toString()).emittedAt(),
        "where the event goes on, a header says it");
    assertEquals(
        Instant.parse("9999-12-31T23:59:59.999999999Z"),
        read(true, "ce_type", "mail", "ce_id", "e1", "ce_time", "9999-12-31T23:59:59.999999999Z")
            .emittedAt());
  }

  @Test
  void a_record_that_is_no_event_says_why() {
    String allowedQueue = " is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'";
    assertEquals("it has no header ce_type", undecodable("ce_id", "e1"));
    assertEquals("it has no header ce_id", undecodable("ce_type", "mail"));
    assertEquals("queue name 'a/b'" + allowedQueue, undecodable("ce_type", "a/b", "ce_id", "e1"));
    assertEquals(
        "event id 'a b' is not allowed: 1 to 200 printable ASCII characters without spaces",
        undecodable("ce_type", "mail", "ce_id", "a b"));
    assertEquals(
        "canvas name 'Shop' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
        undecodable("ce_type", "mail", "ce_id", "e1", "ns-canvas", "Shop"));
    for (String name : List.of("ce_time", "ns-not-before")) {
      for (String time :
          List.of(
              "",
              "soon",
              "2026-01-02",
              "2026-01-02T03:04:05",
              "1969-12-31T23:59:59Z",
              "+10000-01-01T00:00:00Z")) {
        assertEquals(
            "its header "
                + name
                + " is '"
                + time
                + "', which is no RFC 3339 time of the years 1970 to 9999",
            undecodable("ce_type", "mail", "ce_id", "e1", name, time));
      }
    }
    for (String attempt : List.of("", "0", "-1", "x", "1.5", "2147483648")) {
      assertEquals(
          "its header ns-attempt is '" + attempt + "', not a number from 1",
          undecodable("ce_type", "mail", "ce_id", "e1", "ns-attempt", attempt));
    }
    assertEquals(
        "its header ns-suspicion is '-1', not a number from 0",
        undecodable("ce_type", "mail", "ce_id", "e1", "ns-suspicion", "-1"));
    for (String origin : List.of("", "t", "t/1", "t/1/x", "t/-1/2", "a b/1/2", "t/1/2/3")) {
      assertEquals(
          "its header ns-origin is '" + origin + "', not topic/partition/offset",
          undecodable("ce_type", "mail", "ce_id", "e1", "ns-origin", origin));
    }
  }

  /// Headers of any bytes are either read, and then mean what was written, or refused with a
  /// reason; nothing else is ever thrown. A failure names its seed.
  @Test
  void any_headers_are_read_or_refused() {
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      Map<String, byte @Nullable []> headers = anyHeaders(random);
      ConsumerRecord<byte[], byte[]> record = record(random.nextLong());
      headers.forEach((name, value) -> record.headers().add(name, value));
      boolean trusted = random.nextBoolean();
      try {
        checkSame(headers, EventEnvelope.read(record, trusted), trusted);
      } catch (UndecodableException e) {
        if (String.valueOf(e.getMessage()).isBlank()) {
          throw new AssertionError("seed " + seed + ": refused without a reason", e);
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + headers.keySet() + ": " + e, e);
      }
    }
  }

  /// What a worker may write is read as it was meant. A failure names its seed.
  @Test
  void what_workers_write_is_read_as_it_was_meant() {
    for (long seed = 1; seed <= 5_000; seed++) {
      Random random = new Random(seed);
      String id = word(random, 200, '!', '~');
      String queue = word(random, 100, 'a', 'z');
      String canvas = word(random, 63, 'a', 'z');
      Instant emitted = time(random);
      int attempt = 1 + random.nextInt(5);
      int suspicion = random.nextInt(5);
      Instant notBefore = time(random);
      String origin = "nightshift.events." + canvas + "/" + random.nextInt(6) + "/" + seed;
      EventEnvelope event =
          read(
              true,
              "ce_id",
              id,
              "ce_type",
              queue,
              "ns-canvas",
              canvas,
              "ce_time",
              emitted.toString(),
              "ns-attempt",
              Integer.toString(attempt),
              "ns-suspicion",
              Integer.toString(suspicion),
              "ns-not-before",
              notBefore.toString(),
              "ns-origin",
              origin);
      EventEnvelope meant =
          new EventEnvelope(
              id,
              queue,
              Optional.of(canvas),
              emitted,
              attempt,
              suspicion,
              Optional.of(notBefore),
              origin,
              "",
              Extras.NONE,
              event.record());
      assertEquals(meant, event, "seed " + seed);
    }
  }

  private static void checkSame(
      Map<String, byte @Nullable []> headers, EventEnvelope event, boolean trusted) {
    assertEquals(text(headers.get("ce_id")), event.id());
    assertEquals(text(headers.get("ce_type")), event.queue());
    assertEquals(text(headers.get("ns-canvas")), event.claimedCanvas().orElse(null));
    String attempt = text(headers.get("ns-attempt"));
    assertEquals(trusted && attempt != null ? Integer.parseInt(attempt) : 1, event.attempt());
  }

  private static @Nullable String text(byte @Nullable [] value) {
    return value == null ? null : new String(value, UTF_8);
  }

  private static Map<String, byte @Nullable []> anyHeaders(Random random) {
    List<String> names =
        List.of(
            "ce_type",
            "ce_id",
            "ce_time",
            "ns-canvas",
            "ns-attempt",
            "ns-suspicion",
            "ns-not-before",
            "ns-origin",
            "ns-history");
    Map<String, byte @Nullable []> headers = new LinkedHashMap<>();
    for (String name : names) {
      int kind = random.nextInt(10);
      if (kind > 0) {
        headers.put(name, anyValue(random, name, kind));
      }
    }
    return headers;
  }

  // Mostly right, so that what is wrong with the later ones comes to light.
  private static byte @Nullable [] anyValue(Random random, String name, int kind) {
    if (kind == 1) {
      return null;
    }
    if (kind == 2) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      return bytes;
    }
    String right =
        switch (name) {
          case "ce_time", "ns-not-before" -> time(random).toString();
          case "ns-attempt", "ns-suspicion" -> Integer.toString(random.nextInt(7));
          case "ns-origin" -> "t/" + random.nextInt(9) + "/" + random.nextInt();
          default -> word(random, 63, 'a', 'z');
        };
    return right.getBytes(UTF_8);
  }

  private static Instant time(Random random) {
    return Instant.ofEpochMilli(random.nextLong(253_402_300_798_000L))
        .truncatedTo(ChronoUnit.MILLIS);
  }

  private static String word(Random random, int charsMax, char first, char last) {
    StringBuilder word = new StringBuilder();
    for (int length = 1 + random.nextInt(charsMax); word.length() < length; ) {
      word.append((char) (first + random.nextInt(last - first + 1)));
    }
    return word.toString();
  }

  private static String undecodable(String... headers) {
    return String.valueOf(
        assertThrows(UndecodableException.class, () -> read(true, headers)).getMessage());
  }

  private static EventEnvelope read(boolean trusted, String... headers) {
    return EventEnvelope.read(record(STORED.toEpochMilli(), headers), trusted);
  }

  private static ConsumerRecord<byte[], byte[]> record(long timestamp, String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1].getBytes(UTF_8));
    }
    return new ConsumerRecord<>(
        "t",
        3,
        17,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        2,
        null,
        "{}".getBytes(UTF_8),
        all,
        Optional.empty());
  }
}
