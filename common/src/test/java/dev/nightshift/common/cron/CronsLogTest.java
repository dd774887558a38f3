package dev.nightshift.common.cron;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.TopicPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CronsLogTest {
  private static final TopicPlan PLAN = TopicPlan.standard();
  private static final CronName NAME = new CronName("shop", "report");
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.000006Z");
  private static final Cron CRON =
      new Cron(
          NAME,
          2,
          new CronSettings(
              "mail",
              CronSchedule.parse("0 3 * * MON-FRI", "Europe/Berlin"),
              new CronPayload(new byte[] {1, 2, 3}, Optional.empty()),
              Missed.ALL,
              Overlap.SKIP),
          Optional.of(new CronPause("bob", AT.plusSeconds(1), "too many")),
          AT,
          "ada",
          AT.minusSeconds(5));

  private final Map<String, String> skipped = new HashMap<>();

  @Test
  void what_was_written_is_read() {
    CronState state =
        new CronState(
            Optional.of(AT),
            Optional.of(AT.minusSeconds(60)),
            Optional.of(new CronState.Skipped(AT, CronState.Why.OVERLAP)));
    CronsView view =
        read(CronsView.EMPTY, CronRecords.of(PLAN, CRON), CronRecords.of(PLAN, NAME, state));
    assertEquals(List.of(CRON), view.crons());
    assertEquals(Optional.of(CRON), view.cron(NAME));
    assertEquals(state, view.state(NAME));

    Cron resumed = CRON.resumed(AT);
    CronsView next =
        read(view, CronRecords.of(PLAN, resumed), CronRecords.of(PLAN, NAME, CronState.NONE));
    assertEquals(List.of(resumed), next.crons());
    assertEquals(CronState.NONE, next.state(NAME));
    assertEquals(List.of(CRON), view.crons());
    assertEquals(Map.of(), skipped);
  }

  @Test
  void what_changes_nothing_leaves_the_view() {
    CronsView view = read(CronsView.EMPTY, CronRecords.of(PLAN, CRON));
    assertSame(view, read(view, CronRecords.of(PLAN, CRON)));
    assertSame(view, read(view, CronRecords.forgotten(PLAN, NAME)));
  }

  @Test
  void a_cron_that_was_deleted_is_not_there() {
    CronsView view =
        read(
            CronsView.EMPTY,
            CronRecords.of(PLAN, CRON),
            CronRecords.of(
                PLAN, NAME, new CronState(Optional.of(AT), Optional.empty(), Optional.empty())),
            CronRecords.deleted(PLAN, NAME),
            CronRecords.forgotten(PLAN, NAME));
    assertEquals(List.of(), view.crons());
    assertEquals(CronState.NONE, view.state(NAME));
  }

  @Test
  void what_cannot_be_read_is_skipped_with_the_reason() {
    ProducerRecord<byte[], byte[]> good = CronRecords.of(PLAN, CRON);
    CronsView view =
        read(
            CronsView.EMPTY,
            record("cron/shop/report", new byte[] {7}),
            record("cron/shop/other", good.value()),
            record("cron/shop", good.value()),
            record("tick/shop/Report", null),
            record("what/is/this", new byte[] {7}),
            record("old", null));
    assertEquals(List.of(), view.crons());
    assertEquals(
        Map.of(
            "cron/shop/report",
            "cannot read a CronRecord: it starts with 07, not with C3 01 and a schema's"
                + " fingerprint",
            "cron/shop/other",
            "it belongs under the key of 'shop/report'; delete this one",
            "cron/shop",
            "'shop' names no cron: write CANVAS/NAME, such as shop/nightly-report",
            "tick/shop/Report",
            "cron name 'Report' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
            "what/is/this",
            "records of this kind are not known to this version; upgrade this process"),
        skipped);
    read(view, good);
    assertTrue(!skipped.containsKey("cron/shop/report"), skipped::toString);
  }

  @Test
  void crons_are_spread_over_the_partitions() {
    List<Integer> counts = new ArrayList<>(List.of(0, 0, 0, 0, 0, 0));
    IntStream.range(0, 600)
        .map(i -> CronRecords.partition(new CronName("shop", "cron-" + i), 6))
        .forEach(partition -> counts.set(partition, counts.get(partition) + 1));
    assertTrue(counts.stream().allMatch(count -> count > 60), counts::toString);
  }

  private static ProducerRecord<byte[], byte[]> record(String key, byte @Nullable [] value) {
    return new ProducerRecord<>(PLAN.schedules(), key.getBytes(UTF_8), value);
  }

  @SafeVarargs
  private CronsView read(CronsView view, ProducerRecord<byte[], byte[]>... records) {
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      polled.add(
          new ConsumerRecord<>(record.topic(), 0, polled.size(), record.key(), record.value()));
    }
    return CronsLog.read(
        view,
        polled,
        (key, why) -> {
          skipped.remove(key);
          why.ifPresent(text -> skipped.put(key, text));
        });
  }
}
