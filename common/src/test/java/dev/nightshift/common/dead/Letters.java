package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.TopicPlan;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Dead letters for tests, with the headers that workers give them.
final class Letters {
  static final TopicPlan PLAN = TopicPlan.standard();
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private Letters() {}

  static Canvas shop(int generation, boolean deleted) {
    return new Canvas("shop", generation, PLAN.events("shop", generation), "g", deleted);
  }

  /// The headers of an event of shop/mail that exhausted its attempts.
  static Map<String, @Nullable String> exhausted(String id) {
    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", id);
    headers.put("ce_type", "mail");
    headers.put("ce_source", "test");
    headers.put("ce_time", "2026-03-01T11:00:00Z");
    headers.put("mine", "kept");
    headers.put("ns-attempt", "5");
    headers.put("ns-canvas", "shop");
    headers.put("ns-history", "1 w1 2026-03-01T11:30:00Z lost\n5 w2 2026-03-01T11:59:00Z lost");
    headers.put("ns-origin", PLAN.events("shop", 1) + "/3/14");
    headers.put("ns-outcome", "exhausted");
    headers.put("ns-reason", "all 5 attempts were lost; the last: worker w2 died");
    headers.put("ns-suspicion", "4");
    headers.put("ns-not-before", "2026-03-01T11:58:00Z");
    headers.put("ns-writer", "w2");
    return headers;
  }

  static Headers headers(Map<String, @Nullable String> values) {
    Headers headers = new RecordHeaders();
    values.forEach(
        (name, value) -> headers.add(name, value == null ? null : value.getBytes(UTF_8)));
    return headers;
  }

  static ConsumerRecord<byte[], byte[]> record(
      LetterId id, Instant at, Map<String, @Nullable String> headers) {
    byte[] value = "{}".getBytes(UTF_8);
    return new ConsumerRecord<>(
        PLAN.dead(),
        id.partition(),
        id.offset(),
        at.toEpochMilli(),
        TimestampType.CREATE_TIME,
        -1,
        value.length,
        null,
        value,
        headers(headers),
        Optional.empty());
  }

  static Letter letter(Map<String, @Nullable String> headers, Canvas... canvases) {
    return letter(new LetterId(0, 17), NOON, headers, canvases);
  }

  static Letter letter(
      LetterId id, Instant at, Map<String, @Nullable String> headers, Canvas... canvases) {
    ControlView view = ControlView.EMPTY;
    for (Canvas canvas : canvases) {
      view = view.with(canvas);
    }
    return Letter.of(record(id, at, headers), view, PLAN);
  }

  static ProducerRecord<byte[], byte[]> stored(
      TopicPlan plan, int partition, Map<String, @Nullable String> headers, String payload) {
    return new ProducerRecord<>(
        plan.dead(), partition, null, null, payload.getBytes(UTF_8), headers(headers));
  }
}
