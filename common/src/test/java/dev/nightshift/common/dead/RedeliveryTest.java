package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Lane;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RedeliveryTest {
  private static final Canvas SHOP = Letters.shop(1, false);

  @Test
  void an_event_is_as_it_was_emitted_without_its_lost_attempts() {
    Letter letter = Letters.letter(Letters.exhausted("e1"), SHOP);
    assertEquals(Optional.empty(), obstacle(letter));
    ProducerRecord<byte[], byte[]> record = Redelivery.record(letter);
    assertEquals("nightshift.events.shop", record.topic());
    assertArrayEquals("{}".getBytes(UTF_8), record.value());
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), new String(header.value(), UTF_8));
    }
    assertEquals(
        Map.of(
            "ce_specversion", "1.0",
            "ce_id", "e1",
            "ce_type", "mail",
            "ce_source", "test",
            "ce_time", "2026-03-01T11:00:00Z",
            "mine", "kept",
            "ns-canvas", "shop",
            "ns-redriven", "nightshift.dead/0/17"),
        headers);
  }

  @Test
  void one_that_never_said_when_it_was_emitted_says_when_it_died() {
    Map<String, @Nullable String> headers = Letters.exhausted("e1");
    headers.remove("ce_time");
    Header time = Redelivery.record(Letters.letter(headers, SHOP)).headers().lastHeader("ce_time");
    assertEquals(Letters.NOON.toString(), new String(time.value(), UTF_8));
  }

  @Test
  void what_cannot_be_an_event_stays() {
    Map<String, @Nullable String> headers = Letters.exhausted("e1");
    headers.remove("ce_type");
    assertObstacle("it is no event: it has no header ce_type", Letters.letter(headers, SHOP));
    headers.put("ce_type", "mail");
    headers.put("ns-payload-left", "true");
    assertObstacle("its payload was too large to be kept with it", Letters.letter(headers, SHOP));
  }

  @Test
  void what_has_no_canvas_stays() {
    Letter letter = Letters.letter(Letters.exhausted("e1"));
    assertObstacle("no canvas of the control log has its topic nightshift.events.shop", letter);
    assertObstacle(
        "its canvas shop (generation 1) was deleted",
        Letters.letter(Letters.exhausted("e1"), Letters.shop(1, true)));
    assertEquals(
        Optional.of("the topic nightshift.events.shop of its canvas does not exist"),
        Redelivery.obstacle(Letters.letter(Letters.exhausted("e1"), SHOP), topic -> false));
  }

  @Test
  void a_canvas_that_was_created_again_does_not_get_what_died_before() {
    assertObstacle(
        "its canvas shop (generation 1) was deleted",
        Letters.letter(Letters.exhausted("e1"), Letters.shop(1, true), Letters.shop(2, false)));
  }

  @Test
  void a_forged_canvas_does_not_count() {
    Map<String, @Nullable String> headers = Letters.exhausted("e1");
    headers.put("ns-canvas", "bank");
    Canvas bank = new Canvas("bank", 1, "nightshift.events.bank", "g", false);
    assertEquals(Optional.of(SHOP), Letters.letter(headers, SHOP, bank).canvas());
  }

  @Test
  void what_died_in_a_lane_or_in_the_retry_topic_finds_its_canvas() {
    Map<String, @Nullable String> headers = Letters.exhausted("e1");
    headers.put("ns-origin", "nightshift.retry/2/5");
    assertEquals(Optional.of(SHOP), Letters.letter(headers, SHOP).canvas());
    headers.put("ns-origin", "nightshift.lane.shop.1.mail/2/5");
    ControlView view =
        ControlView.EMPTY
            .builder()
            .put(SHOP)
            .put(new Lane("shop", 1, "mail", "nightshift.lane.shop.1.mail", 6))
            .build();
    assertEquals(
        Optional.of(SHOP),
        Letter.of(Letters.record(new LetterId(0, 1), Letters.NOON, headers), view, Letters.PLAN)
            .canvas());
  }

  @Test
  void what_died_before_it_was_emitted_finds_the_canvas_that_it_was_for() {
    Map<String, @Nullable String> headers = Letters.exhausted("e1");
    headers.put("ns-origin", "nightshift.delayed/2/5");
    assertEquals(Optional.of(SHOP), Letters.letter(headers, SHOP).canvas());
    headers.put("ns-events-topic", SHOP.topic());
    Letter letter = Letters.letter(headers, Letters.shop(1, true), Letters.shop(2, false));
    assertObstacle("its canvas shop (generation 1) was deleted", letter);
    letter = Letters.letter(headers, SHOP);
    assertEquals(Optional.empty(), obstacle(letter));
    assertEquals(SHOP.topic(), Redelivery.record(letter).topic());
    assertEquals(null, Redelivery.record(letter).headers().lastHeader("ns-events-topic"));
  }

  @Test
  void a_worker_takes_it_for_a_first_attempt() {
    ProducerRecord<byte[], byte[]> record =
        Redelivery.record(Letters.letter(Letters.exhausted("e1"), SHOP));
    EventEnvelope event =
        EventEnvelope.read(
            new org.apache.kafka.clients.consumer.ConsumerRecord<>(
                record.topic(),
                0,
                7,
                0,
                org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                -1,
                2,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty()),
            true);
    assertEquals(1, event.attempt());
    assertEquals(0, event.suspicion());
    assertEquals("", event.history());
    assertEquals("nightshift.events.shop/0/7", event.origin());
  }

  private static void assertObstacle(String why, Letter letter) {
    assertEquals(Optional.of(why), obstacle(letter));
  }

  private static Optional<String> obstacle(Letter letter) {
    return Redelivery.obstacle(letter, topic -> true);
  }
}
