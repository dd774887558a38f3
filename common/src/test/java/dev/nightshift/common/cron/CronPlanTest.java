package dev.nightshift.common.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CronPlanTest {
  private static final Instant SET = Instant.parse("2026-01-02T03:04:05Z");
  private static final String HOURLY = "0 * * * *";

  @Test
  void nothing_is_emitted_for_the_time_before_a_cron_was_set() {
    Cron cron = cron(HOURLY, Missed.ALL, Overlap.ALLOW);
    assertEquals(
        new CronPlan(List.of(), CronState.NONE, Optional.of(at("04:00:00"))),
        CronPlan.of(cron, CronState.NONE, SET, false));
    assertEquals(
        new CronPlan(List.of(), CronState.NONE, Optional.of(at("04:00:00"))),
        CronPlan.of(cron, CronState.NONE, SET.minusSeconds(86_400), false));
  }

  @Test
  void a_tick_is_emitted_when_it_is_due_and_not_before() {
    Cron cron = cron(HOURLY, Missed.SKIP, Overlap.ALLOW);
    assertEquals(List.of(), plan(cron, CronState.NONE, "03:59:59").ticks());
    CronPlan due = plan(cron, CronState.NONE, "04:00:00");
    assertEquals(
        new CronPlan(
            List.of(at("04:00:00")),
            new CronState(
                Optional.of(at("04:00:00")), Optional.of(at("04:00:00")), Optional.empty()),
            Optional.of(at("05:00:00"))),
        due);
    CronPlan again = plan(cron, due.state(), "04:00:00");
    assertEquals(new CronPlan(List.of(), due.state(), due.next()), again);
  }

  @Test
  void a_tick_that_another_scheduler_takes_over_is_not_a_missed_one() {
    Cron cron = cron(HOURLY, Missed.SKIP, Overlap.ALLOW);
    assertEquals(List.of(at("04:00:00")), plan(cron, CronState.NONE, "04:01:00").ticks());
    assertEquals(List.of(), plan(cron, CronState.NONE, "04:01:01").ticks());
  }

  @Test
  void of_missed_ticks_none_or_the_last_or_each_is_emitted() {
    CronPlan none = plan(cron(HOURLY, Missed.SKIP, Overlap.ALLOW), CronState.NONE, "07:00:30");
    assertEquals(List.of(at("07:00:00")), none.ticks());
    assertEquals(
        Optional.of(new CronState.Skipped(at("06:00:00"), CronState.Why.MISSED)),
        none.state().skipped());

    CronPlan once = plan(cron(HOURLY, Missed.ONCE, Overlap.ALLOW), CronState.NONE, "07:30:00");
    assertEquals(List.of(at("07:00:00")), once.ticks());
    assertEquals(
        Optional.of(new CronState.Skipped(at("06:00:00"), CronState.Why.MISSED)),
        once.state().skipped());

    CronPlan each = plan(cron(HOURLY, Missed.ALL, Overlap.ALLOW), CronState.NONE, "07:30:00");
    assertEquals(
        List.of(at("04:00:00"), at("05:00:00"), at("06:00:00"), at("07:00:00")), each.ticks());
    assertEquals(Optional.empty(), each.state().skipped());

    for (CronPlan plan : List.of(none, once, each)) {
      assertEquals(Optional.of(at("07:00:00")), plan.state().lastTick());
      assertEquals(Optional.of(at("08:00:00")), plan.next());
    }
  }

  @Test
  void one_missed_tick_is_emitted_without_any_that_was_skipped() {
    CronPlan once = plan(cron(HOURLY, Missed.ONCE, Overlap.ALLOW), CronState.NONE, "04:30:00");
    assertEquals(List.of(at("04:00:00")), once.ticks());
    assertEquals(Optional.empty(), once.state().skipped());
  }

  @Test
  void many_missed_ticks_are_emitted_a_thousand_at_a_time() {
    Cron cron = cron("every 1s", Missed.ALL, Overlap.ALLOW);
    Instant now = SET.plusSeconds(2_500);
    CronState state = CronState.NONE;
    List<Integer> sizes = new ArrayList<>();
    List<Instant> all = new ArrayList<>();
    CronPlan plan;
    do {
      plan = CronPlan.of(cron, state, now, false);
      state = plan.state();
      sizes.add(plan.ticks().size());
      all.addAll(plan.ticks());
    } while (!plan.next().orElseThrow().isAfter(now));
    assertEquals(List.of(1_000, 1_000, 500), sizes);
    assertEquals(2_500, new HashSet<>(all).size());
    assertEquals(now, all.get(all.size() - 1));
  }

  @Test
  void years_of_missed_ticks_take_no_longer_than_one() {
    Cron cron = cron("every 1s", Missed.ONCE, Overlap.ALLOW);
    Instant now = SET.plus(Duration.ofDays(10_000));
    List<Instant> ticks = CronPlan.of(cron, CronState.NONE, now, false).ticks();
    // The last of the missed ones, and those of the last minute.
    assertEquals(now.minusSeconds(61), ticks.get(0));
    assertEquals(62, ticks.size());
  }

  @Test
  void a_paused_cron_emits_nothing_and_waits_for_nothing() {
    Cron cron = cron(HOURLY, Missed.ALL, Overlap.ALLOW);
    Cron paused = cron.paused(new CronPause("ada", at("04:30:00"), "r"));
    CronState state = plan(cron, CronState.NONE, "04:00:00").state();
    assertEquals(new CronPlan(List.of(), state, Optional.empty()), plan(paused, state, "09:00:00"));
    // Nobody looked while it was paused.
    CronPlan resumed = plan(paused.resumed(at("09:30:00")), state, "11:30:00");
    assertEquals(List.of(at("10:00:00"), at("11:00:00")), resumed.ticks());
  }

  @Test
  void a_tick_is_skipped_while_the_event_before_it_has_not_ended() {
    Cron cron = cron(HOURLY, Missed.ALL, Overlap.SKIP);
    CronPlan first = CronPlan.of(cron, CronState.NONE, at("04:00:00"), false);
    CronPlan second = CronPlan.of(cron, first.state(), at("05:00:00"), true);
    assertEquals(
        new CronPlan(
            List.of(),
            new CronState(
                Optional.of(at("05:00:00")),
                Optional.of(at("04:00:00")),
                Optional.of(new CronState.Skipped(at("05:00:00"), CronState.Why.OVERLAP))),
            Optional.of(at("06:00:00"))),
        second);
    assertEquals(
        List.of(at("06:00:00")), CronPlan.of(cron, second.state(), at("06:00:00"), false).ticks());
    assertEquals(
        List.of(at("05:00:00")),
        CronPlan.of(cron(HOURLY, Missed.ALL, Overlap.ALLOW), first.state(), at("05:00:00"), true)
            .ticks());
  }

  @Test
  void of_several_ticks_at_once_that_must_not_overlap_the_last_is_emitted() {
    Cron cron = cron(HOURLY, Missed.ALL, Overlap.SKIP);
    CronPlan plan = plan(cron, CronState.NONE, "07:30:00");
    assertEquals(List.of(at("07:00:00")), plan.ticks());
    assertEquals(
        Optional.of(new CronState.Skipped(at("06:00:00"), CronState.Why.OVERLAP)),
        plan.state().skipped());
    assertEquals(List.of(), CronPlan.of(cron, CronState.NONE, at("07:30:00"), true).ticks());
  }

  @Test
  void a_cron_that_was_deleted_and_set_again_emits_no_tick_twice() {
    CronState before =
        plan(cron(HOURLY, Missed.ALL, Overlap.ALLOW), CronState.NONE, "07:30:00").state();
    // By a clock that is behind.
    assertEquals(
        List.of(), plan(cron(HOURLY, Missed.ALL, Overlap.ALLOW), before, "07:30:00").ticks());
  }

  @Test
  void a_tick_has_one_id_whoever_emits_it() {
    assertEquals(
        "cron.report.2026-01-02T04:00:00Z",
        cron(HOURLY, Missed.ALL, Overlap.ALLOW).eventId(at("04:00:00")));
  }

  /// Schedulers look at random times, die before what they planned is stored, and stand still for
  /// hours.
  @Test
  void each_tick_is_emitted_once_however_often_schedulers_are_stopped() {
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      String schedule = List.of("every 7s", "* * * * *", "*/20 1-3 * * *").get((int) (seed % 3));
      Missed missed = Missed.values()[random.nextInt(3)];
      Cron cron = cron(schedule, missed, Overlap.ALLOW);
      String what = schedule + " missed " + missed + ", seed " + seed;
      List<Instant> emitted = new ArrayList<>();
      Set<Instant> known = new HashSet<>();
      Instant now = SET;
      CronState stored = CronState.NONE;
      for (int step = 0; step < 200; step++) {
        boolean gap = random.nextInt(20) == 0;
        Instant before = now;
        now = now.plusMillis(random.nextInt(gap ? 10_000_000 : 50_000));
        int already = emitted.size();
        stored = drain(cron, stored, now, random, emitted).state();
        known.addAll(emitted.subList(already, emitted.size()));
        assertOnTimeOnesAreThere(cron, before, now, known, what);
      }
      List<Instant> due = due(cron, now);
      assertEquals(emitted.stream().distinct().sorted().toList(), emitted, what);
      assertTrue(new HashSet<>(due).containsAll(emitted), what);
      if (missed == Missed.ALL) {
        assertEquals(due, emitted, what);
      } else if (missed == Missed.ONCE) {
        assertEquals(due.get(due.size() - 1), emitted.get(emitted.size() - 1), what);
      }
    }
  }

  // What is not stored has not been emitted: both are one transaction.
  private static CronPlan drain(
      Cron cron, CronState stored, Instant now, Random random, List<Instant> emitted) {
    CronState state = stored;
    while (true) {
      CronPlan plan = CronPlan.of(cron, state, now, false);
      if (random.nextInt(4) > 0) {
        emitted.addAll(plan.ticks());
        state = plan.state();
        if (plan.next().orElseThrow().isAfter(now)) {
          return plan;
        }
      }
    }
  }

  private static void assertOnTimeOnesAreThere(
      Cron cron, Instant before, Instant now, Set<Instant> emitted, String what) {
    Instant from = now.minus(CronPlan.LATE).isAfter(before) ? now.minus(CronPlan.LATE) : before;
    Optional<Instant> next = cron.settings().schedule().after(from);
    while (next.isPresent() && !next.get().isAfter(now)) {
      assertTrue(emitted.contains(next.get()), what + ", tick " + next.get());
      next = cron.settings().schedule().after(next.get());
    }
  }

  private static List<Instant> due(Cron cron, Instant now) {
    List<Instant> due = new ArrayList<>();
    Optional<Instant> next = cron.settings().schedule().after(cron.since());
    while (!next.orElseThrow().isAfter(now)) {
      due.add(next.orElseThrow());
      next = cron.settings().schedule().after(next.orElseThrow());
    }
    return due;
  }

  private static CronPlan plan(Cron cron, CronState state, String time) {
    return CronPlan.of(cron, state, at(time), false);
  }

  private static Instant at(String time) {
    return Instant.parse("2026-01-02T" + time + "Z");
  }

  private static Cron cron(String schedule, Missed missed, Overlap overlap) {
    return new Cron(
        new CronName("shop", "report"),
        1,
        new CronSettings(
            "mail", CronSchedule.parse(schedule, "UTC"), CronPayload.NONE, missed, overlap),
        Optional.empty(),
        SET,
        "ada",
        SET);
  }
}
