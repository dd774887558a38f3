package dev.nightshift.common.cron;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
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

  private static final CronKey KEY = new CronKey(NAME, 2);

  private final Map<String, String> skipped = new HashMap<>();

  @Test
  void what_was_written_is_read() {
    CronState state =
        new CronState(
            Optional.of(AT),
            Optional.of(AT.minusSeconds(60)),
            Optional.of(new CronState.Skipped(AT, CronState.Why.OVERLAP)));
    CronsView view =
        read(CronsView.EMPTY, CronRecords.of(PLAN, CRON), CronRecords.of(PLAN, KEY, state));
    assertEquals(List.of(CRON), view.crons());
    assertEquals(Optional.of(CRON), view.cron(KEY));
    assertEquals(state, view.state(KEY));

    Cron resumed = CRON.resumed(AT);
    CronsView next =
        read(view, CronRecords.of(PLAN, resumed), CronRecords.of(PLAN, KEY, CronState.NONE));
    assertEquals(List.of(resumed), next.crons());
    assertEquals(CronState.NONE, next.state(KEY));
    assertEquals(List.of(CRON), view.crons());
    assertEquals(Map.of(), skipped);
  }

  @Test
  void what_changes_nothing_leaves_the_view() {
    CronsView view = read(CronsView.EMPTY, CronRecords.of(PLAN, CRON));
    assertSame(view, read(view, CronRecords.of(PLAN, CRON)));
    assertSame(view, read(view, CronRecords.forgotten(PLAN, KEY)));
  }

  @Test
  void a_cron_that_was_deleted_is_not_there() {
    CronsView view =
        read(
            CronsView.EMPTY,
            CronRecords.of(PLAN, CRON),
            CronRecords.of(
                PLAN, KEY, new CronState(Optional.of(AT), Optional.empty(), Optional.empty())),
            CronRecords.deleted(PLAN, KEY),
            CronRecords.forgotten(PLAN, KEY));
    assertEquals(List.of(), view.crons());
    assertEquals(CronState.NONE, view.state(KEY));
  }

  @Test
  void what_is_stored_of_canvases_that_were_deleted_is_told_by_its_generation() {
    Cron next = new Cron(NAME, 3, CRON.settings(), Optional.empty(), AT, "ada", AT);
    CronKey tickAlone = new CronKey(new CronName("shop", "another"), 2);
    CronKey elsewhere = new CronKey(new CronName("bank", "report"), 2);
    CronsView view =
        read(
            CronsView.EMPTY,
            CronRecords.of(PLAN, CRON),
            CronRecords.of(PLAN, KEY, CronState.NONE),
            CronRecords.of(PLAN, next),
            CronRecords.of(PLAN, tickAlone, CronState.NONE),
            CronRecords.of(PLAN, elsewhere, CronState.NONE));
    Canvas shop = new Canvas("shop", 2, "t.shop.2", "g", false);
    assertEquals(List.of(), view.deleted(ControlView.EMPTY.with(shop)));
    ControlView again =
        ControlView.EMPTY
            .with(shop.deleted(false))
            .with(new Canvas("shop", 3, "t.shop.3", "g", false));
    assertEquals(List.of(tickAlone, KEY), view.deleted(again));
    CronsView after =
        read(view, CronRecords.deleted(PLAN, KEY), CronRecords.forgotten(PLAN, tickAlone));
    assertEquals(List.of(next), after.crons());
    assertEquals(List.of(KEY), after.deleted(again), "how far it was is still there");
  }

  @Test
  void what_cannot_be_read_is_skipped_with_the_reason() {
    ProducerRecord<byte[], byte[]> good = CronRecords.of(PLAN, CRON);
    CronsView view =
        read(
            CronsView.EMPTY,
            record("cron/shop/2/report", new byte[] {7}),
            record("cron/shop/2/other", good.value()),
            record("cron/shop/report", good.value()),
            record("cron/shop/3/report", good.value()),
            record("tick/shop/0/report", null),
            record("tick/shop/2/Report", null),
            record("what/is/this", new byte[] {7}),
            record("old", null));
    assertEquals(List.of(), view.crons());
    assertEquals(
        Map.of(
            "cron/shop/2/report",
            "cannot read a CronRecord: it starts with 07, not with C3 01 and a schema's"
                + " fingerprint",
            "cron/shop/2/other",
            "it belongs under the key of 'shop/2/report'; delete this one",
            "cron/shop/report",
            "'shop/report' is no key of a cron, which is CANVAS/GENERATION/NAME; set the cron"
                + " again",
            "cron/shop/3/report",
            "it belongs under the key of 'shop/2/report'; delete this one",
            "what/is/this",
            "records of this kind are not known to this version; upgrade this process"),
        skipped);
    read(view, good);
    assertTrue(!skipped.containsKey("cron/shop/2/report"), skipped::toString);
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
