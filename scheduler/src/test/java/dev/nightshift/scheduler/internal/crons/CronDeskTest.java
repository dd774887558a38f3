package dev.nightshift.scheduler.internal.crons;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronRecords;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.CronState;
import dev.nightshift.common.cron.CronsView;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import dev.nightshift.scheduler.internal.timers.Act;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class CronDeskTest {
  private static final TopicPlan PLAN = TopicPlan.standard();
  private static final Instant SET = Instant.parse("2026-01-02T03:00:00Z");
  private static final Canvas SHOP = new Canvas("shop", 1, "events.shop", "workers", false);
  private static final ControlView CONTROL = ControlView.EMPTY.with(SHOP);
  private static final int ALL = 1_000;
  private static final long MUCH = 1 << 30;

  private final List<CronDesk.Question> asked = new ArrayList<>();
  private CronsView view = CronsView.EMPTY;
  private long readTo;
  private long end;

  private final CronDesk desk = desk(0, 1);

  private CronDesk desk(int partition, int partitions) {
    return new CronDesk(
        PLAN,
        new CronDesk.Parts(partition, partitions, () -> view, () -> readTo, () -> end),
        asked::add);
  }

  @Test
  void a_tick_is_an_event_and_how_far_the_cron_is() {
    Cron cron = put(cron("report", "every 1m", Missed.ONCE, Overlap.ALLOW));
    desk.look(CONTROL);
    assertEquals(OptionalLong.of(micros(SET.plusSeconds(60))), desk.nextMicros());
    assertEquals(List.of(), acts(SET.plusSeconds(59)));
    Act.Tick tick = only(SET.plusSeconds(60));
    assertEquals(
        List.of("events.shop", "nightshift.schedules"),
        tick.records().stream().map(ProducerRecord::topic).toList());
    ProducerRecord<byte[], byte[]> event = tick.records().getFirst();
    assertEquals("{}", new String(event.value(), UTF_8));
    assertEquals("cron.report.2026-01-02T03:01:00Z", header(event, "ce_id"));
    assertEquals("mail", header(event, "ce_type"));
    assertEquals(SET.plusSeconds(60).toEpochMilli(), event.timestamp());
    assertEquals("report", header(event, "ns-cron"));
    assertEquals("2026-01-02T03:01:00Z", header(event, "ns-scheduled"));
    assertEquals("tick/shop/1/report", new String(tick.records().getLast().key(), UTF_8));
    assertArrayEquals(
        CronRecords.of(PLAN, cron.key(), tick.plan().state()).value(),
        tick.records().getLast().value());
    assertEquals(1, acts(SET.plusSeconds(60)).size(), "it is not written yet");
    desk.done(tick);
    assertEquals(List.of(), acts(SET.plusSeconds(60)));
    assertEquals(OptionalLong.of(micros(SET.plusSeconds(120))), desk.nextMicros());
  }

  @Test
  void each_cron_is_on_the_desk_of_one_partition() {
    IntStream.range(0, 50).forEach(i -> put(cron("c" + i, "every 1m", Missed.ONCE, Overlap.ALLOW)));
    List<String> all =
        IntStream.range(0, 3)
            .mapToObj(partition -> desk(partition, 3))
            .peek(each -> each.look(CONTROL))
            .flatMap(each -> each.acts(SET.plusSeconds(60), ALL, MUCH).stream())
            .map(act -> ((Act.Tick) act).cron().name())
            .sorted()
            .toList();
    assertEquals(IntStream.range(0, 50).mapToObj(i -> "c" + i).sorted().toList(), all);
  }

  @Test
  void crons_of_a_canvas_that_is_deleted_do_not_tick() {
    put(cron("report", "every 1m", Missed.ONCE, Overlap.ALLOW));
    desk.look(ControlView.EMPTY);
    assertEquals(OptionalLong.empty(), desk.nextMicros());
    desk.look(CONTROL);
    assertEquals(1, acts(SET.plusSeconds(60)).size());
    desk.look(CONTROL.with(new Canvas("shop", 1, "events.shop", "workers", true)));
    assertEquals(List.of(), acts(SET.plusSeconds(60)));
    desk.look(CONTROL.with(new Canvas("shop", 2, "events.shop.2", "workers", false)));
    assertEquals(List.of(), acts(SET.plusSeconds(60)));
  }

  @Test
  void a_cron_of_a_canvas_that_was_created_again_begins_anew() {
    put(cron("report", 1, "every 1m", Missed.ONCE, Overlap.SKIP));
    desk.look(CONTROL);
    desk.done(only(SET.plusSeconds(60)));
    assertEquals(List.of(), acts(SET.plusSeconds(120)));
    put(cron("report", 2, "every 1m", Missed.ONCE, Overlap.SKIP));
    desk.look(CONTROL.with(new Canvas("shop", 2, "events.shop.2", "workers", false)));
    Act.Tick tick = only(SET.plusSeconds(120));
    assertEquals(List.of(SET.plusSeconds(120)), tick.plan().ticks(), "nothing of its own runs");
    assertEquals("tick/shop/2/report", new String(tick.records().getLast().key(), UTF_8));
  }

  @Test
  void who_begins_goes_by_all_that_was_written_before() {
    Cron cron = put(cron("report", "every 1m", Missed.ALL, Overlap.ALLOW));
    desk.look(CONTROL);
    Act.Tick tick = only(SET.plusSeconds(60));
    // Nobody hears whether it is written. It is.
    end = 7;
    desk.begin();
    readTo = 6;
    assertFalse(desk.isReady());
    readTo = 7;
    assertTrue(desk.isReady());
    view = view.builder().put(cron.key(), tick.plan().state()).build();
    desk.look(CONTROL);
    assertEquals(List.of(), acts(SET.plusSeconds(60)));
  }

  @Test
  void what_was_just_written_counts_also_before_it_is_read() {
    put(cron("report", "every 1m", Missed.ALL, Overlap.ALLOW));
    desk.look(CONTROL);
    desk.done(only(SET.plusSeconds(60)));
    put(cron("other", "every 1h", Missed.ALL, Overlap.ALLOW));
    desk.look(CONTROL);
    assertEquals(List.of(), acts(SET.plusSeconds(60)));
    // It is changed before its state is read.
    put(cron("report", "every 10s", Missed.ALL, Overlap.ALLOW));
    desk.look(CONTROL);
    assertEquals(List.of(SET.plusSeconds(70)), only(SET.plusSeconds(70)).plan().ticks());
  }

  @Test
  void a_tick_that_must_not_overlap_waits_until_it_is_known_whether_the_one_before_has_ended() {
    Cron cron = put(cron("report", "every 1m", Missed.ONCE, Overlap.SKIP));
    desk.look(CONTROL);
    desk.done(only(SET.plusSeconds(60)));
    assertEquals(List.of(), asked);
    assertEquals(List.of(), acts(SET.plusSeconds(120)));
    assertEquals(List.of(), acts(SET.plusSeconds(121)));
    CronDesk.Question question =
        new CronDesk.Question(
            0, cron.name(), SET.plusSeconds(60), "cron.report.2026-01-02T03:01:00Z");
    assertEquals(List.of(question), asked);
    assertEquals(OptionalLong.empty(), desk.nextMicros(), "nothing to do before the answer");
    desk.answered(
        new CronDesk.Question(0, cron.name(), SET, "cron.report.2026-01-02T03:00:00Z"), false);
    assertEquals(List.of(), acts(SET.plusSeconds(121)), "that was another question");

    desk.answered(question, true);
    Act.Tick skipped = only(SET.plusSeconds(122));
    assertEquals(1, skipped.records().size());
    assertEquals(
        Optional.of(new CronState.Skipped(SET.plusSeconds(120), CronState.Why.OVERLAP)),
        skipped.plan().state().skipped());
    desk.done(skipped);

    assertEquals(List.of(), acts(SET.plusSeconds(180)));
    desk.answered(asked.getLast(), false);
    assertEquals(List.of(SET.plusSeconds(180)), only(SET.plusSeconds(180)).plan().ticks());
    assertEquals(2, asked.size());
  }

  @Test
  void an_event_that_kafka_will_never_take_is_skipped_and_the_next_is_tried() {
    put(cron("report", "every 1m", Missed.ONCE, Overlap.ALLOW));
    desk.look(CONTROL);
    desk.refused(only(SET.plusSeconds(60)));
    Act.Tick skipped = only(SET.plusSeconds(60));
    assertEquals(1, skipped.records().size());
    assertEquals(
        new CronState(
            Optional.of(SET.plusSeconds(60)),
            Optional.empty(),
            Optional.of(new CronState.Skipped(SET.plusSeconds(60), CronState.Why.REFUSED))),
        skipped.plan().state());
    desk.done(skipped);
    assertEquals(2, only(SET.plusSeconds(120)).records().size());
  }

  @Test
  void a_cron_whose_topic_cannot_be_written_rests_and_the_others_tick() {
    put(cron("report", "every 1m", Missed.ONCE, Overlap.ALLOW));
    desk.look(CONTROL);
    Instant now = SET.plusSeconds(60);
    desk.rest(only(now).records().getFirst().topic(), now, Duration.ofSeconds(1));
    put(cron("other", "every 1m", Missed.ONCE, Overlap.ALLOW));
    desk.look(CONTROL);
    assertEquals("other", only(now).cron().name());
    desk.done(only(now));
    assertEquals(OptionalLong.of(micros(now.plusSeconds(1))), desk.nextMicros());
    assertEquals("report", only(now.plusSeconds(1)).cron().name());
  }

  @Test
  void a_cron_with_much_to_make_up_for_leaves_others_their_turn() {
    put(cron("much", "every 1s", Missed.ALL, Overlap.ALLOW));
    put(cron("one", "every 1h", Missed.ALL, Overlap.ALLOW));
    desk.look(CONTROL);
    Instant now = SET.plus(Duration.ofHours(1));
    List<String> turns =
        Stream.generate(() -> desk.acts(now, 1, MUCH))
            .limit(38)
            .flatMap(List::stream)
            .map(act -> (Act.Tick) act)
            .peek(desk::done)
            .map(tick -> tick.cron().name() + " " + tick.plan().ticks().size())
            .toList();
    assertEquals(37, turns.size(), turns::toString);
    assertTrue(turns.indexOf("one 1") <= 1, turns::toString);
    assertEquals(36, turns.stream().filter("much 100"::equals).count());
  }

  private Cron put(Cron cron) {
    view = view.builder().put(cron).build();
    return cron;
  }

  private Act.Tick only(Instant now) {
    List<Act> acts = acts(now);
    assertEquals(1, acts.size());
    return (Act.Tick) acts.getFirst();
  }

  private List<Act> acts(Instant now) {
    return desk.acts(now, ALL, MUCH);
  }

  private static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000;
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static Cron cron(String name, String schedule, Missed missed, Overlap overlap) {
    return cron(name, 1, schedule, missed, overlap);
  }

  private static Cron cron(
      String name, int generation, String schedule, Missed missed, Overlap overlap) {
    return new Cron(
        new CronName("shop", name),
        generation,
        new CronSettings(
            "mail", CronSchedule.parse(schedule, "UTC"), CronPayload.NONE, missed, overlap),
        Optional.empty(),
        SET,
        "ada",
        SET);
  }
}
