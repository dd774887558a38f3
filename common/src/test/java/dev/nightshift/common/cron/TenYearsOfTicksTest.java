package dev.nightshift.common.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares what a schedule says with a clock that is read each minute of ten years, in zones that
/// set theirs by an hour, in both hemispheres, and by half an hour.
class TenYearsOfTicksTest {
  private static final Instant FIRST = Instant.parse("2021-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2031-01-01T00:00:00Z");

  /// @param fits the same in words that nobody has to read
  /// @param everyHour whether it ticks twice in a repeated hour
  private record Case(String expression, boolean everyHour, Predicate<LocalDateTime> fits) {}

  private static final List<Case> CASES =
      List.of(
          new Case("30 2 * * *", false, at -> at.getHour() == 2 && at.getMinute() == 30),
          new Case("0 0 * * *", false, at -> at.getHour() == 0 && at.getMinute() == 0),
          new Case(
              "*/20 1-3 * 3,4,10,11 *",
              false,
              at ->
                  isMonthOfChange(at)
                      && at.getHour() >= 1
                      && at.getHour() <= 3
                      && at.getMinute() % 20 == 0),
          new Case(
              "0 */2 * 3-4,10-11 *",
              false,
              at -> isMonthOfChange(at) && at.getHour() % 2 == 0 && at.getMinute() == 0),
          new Case(
              "15 2 1,15 * MON",
              false,
              at ->
                  at.getHour() == 2
                      && at.getMinute() == 15
                      && (at.getDayOfMonth() == 1
                          || at.getDayOfMonth() == 15
                          || at.getDayOfWeek() == DayOfWeek.MONDAY)),
          new Case(
              "5 4 29 2 *",
              false,
              at ->
                  at.getMonthValue() == 2
                      && at.getDayOfMonth() == 29
                      && at.getHour() == 4
                      && at.getMinute() == 5),
          new Case(
              "10-50/20 2,14 * jan-MAR,10 FRI-7",
              false,
              at ->
                  (at.getMonthValue() <= 3 || at.getMonthValue() == 10)
                      && at.getDayOfWeek().getValue() >= 5
                      && (at.getHour() == 2 || at.getHour() == 14)
                      && at.getMinute() >= 10
                      && (at.getMinute() - 10) % 20 == 0),
          new Case(
              "0 2 */10 */3 *",
              false,
              at ->
                  at.getMonthValue() % 3 == 1
                      && at.getDayOfMonth() % 10 == 1
                      && at.getHour() == 2
                      && at.getMinute() == 0),
          new Case(
              "0 2 * * 0-4/2",
              false,
              at ->
                  at.getHour() == 2
                      && at.getMinute() == 0
                      && at.getDayOfWeek().getValue() % 7 <= 4
                      && at.getDayOfWeek().getValue() % 7 % 2 == 0),
          new Case(
              "@weekly",
              false,
              at ->
                  at.getDayOfWeek() == DayOfWeek.SUNDAY
                      && at.getHour() == 0
                      && at.getMinute() == 0),
          new Case(
              "7,37 * 1-7,29-31 3,4,10,11 *",
              true,
              at ->
                  isMonthOfChange(at)
                      && (at.getDayOfMonth() <= 7 || at.getDayOfMonth() >= 29)
                      && at.getMinute() % 30 == 7));

  // More would only take longer.
  private static boolean isMonthOfChange(LocalDateTime at) {
    int month = at.getMonthValue();
    return month == 3 || month == 4 || month == 10 || month == 11;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"})
  void a_schedule_ticks_as_the_clocks_of_its_zone_show(String zone) {
    List<List<Instant>> shown = shown(ZoneId.of(zone).getRules());
    Random random = new Random(zone.hashCode());
    for (int i = 0; i < CASES.size(); i++) {
      CronSchedule schedule = CronSchedule.parse(CASES.get(i).expression(), zone);
      assertSame(shown.get(i), ticks(schedule), schedule);
      assertFoundFromAnywhere(schedule, shown.get(i), random);
    }
  }

  private static void assertSame(List<Instant> shown, List<Instant> ticks, CronSchedule schedule) {
    for (int i = 0; i < Math.min(shown.size(), ticks.size()); i++) {
      assertEquals(shown.get(i), ticks.get(i), schedule + ", tick " + i);
    }
    assertEquals(shown.size(), ticks.size(), schedule::toString);
  }

  private static List<Instant> ticks(CronSchedule schedule) {
    List<Instant> ticks = new ArrayList<>();
    Optional<Instant> next = schedule.after(FIRST.minusNanos(1));
    while (next.isPresent() && next.get().isBefore(LAST)) {
      ticks.add(next.get());
      next = schedule.after(next.get());
    }
    return ticks;
  }

  /// Reads the zone's clock each minute, and notices when it was set.
  private static List<List<Instant>> shown(ZoneRules rules) {
    List<List<Instant>> ticks = new ArrayList<>();
    CASES.forEach(each -> ticks.add(new ArrayList<>()));
    ZoneOffset before = rules.getOffset(FIRST);
    long repeatedUntil = Long.MIN_VALUE;
    for (long second = FIRST.getEpochSecond(); second < LAST.getEpochSecond(); second += 60) {
      // Clocks are set at whole quarters of an hour.
      ZoneOffset offset =
          second % 900 == 0 ? rules.getOffset(Instant.ofEpochSecond(second)) : before;
      int set = offset.getTotalSeconds() - before.getTotalSeconds();
      before = offset;
      if (set < 0) {
        repeatedUntil = second - set;
      }
      LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, offset);
      for (int i = 0; i < CASES.size(); i++) {
        Case each = CASES.get(i);
        boolean tick = each.fits().test(local) && (each.everyHour() || second >= repeatedUntil);
        for (int skipped = 60; skipped <= set && !each.everyHour(); skipped += 60) {
          tick |= each.fits().test(local.minusSeconds(skipped));
        }
        if (tick) {
          ticks.get(i).add(Instant.ofEpochSecond(second));
        }
      }
    }
    return ticks;
  }

  private static void assertFoundFromAnywhere(
      CronSchedule schedule, List<Instant> ticks, Random random) {
    for (int round = 0; round < 50; round++) {
      int index = random.nextInt(ticks.size() - 1);
      Duration apart = Duration.between(ticks.get(index), ticks.get(index + 1));
      Instant from = ticks.get(index).plusSeconds(random.nextLong(apart.toSeconds()));
      assertEquals(Optional.of(ticks.get(index + 1)), schedule.after(from), () -> "after " + from);
      assertEquals(
          Optional.of(ticks.get(index)),
          schedule.latest(ticks.get(0).minusSeconds(1), from),
          () -> "latest up to " + from);
      assertTrue(schedule.latest(ticks.get(index), from).isEmpty(), () -> "none up to " + from);
    }
  }
}
