package dev.nightshift.common.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          0 3 * * *        | UTC           | 2026-01-02T03:00:00Z 2026-01-03T03:00:00Z
          0 4 * * MON-FRI  | Europe/Berlin | 2026-01-02T03:00:00Z 2026-01-05T03:00:00Z
          */15 9 1 * *     | UTC           | 2026-02-01T09:00:00Z 2026-02-01T09:15:00Z
          0 0 1 1 0        | UTC           | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z
          @hourly          | UTC           | 2026-01-02T03:00:00Z 2026-01-02T04:00:00Z
          @daily           | +05:30        | 2026-01-02T18:30:00Z 2026-01-03T18:30:00Z
          @midnight        | UTC           | 2026-01-03T00:00:00Z 2026-01-04T00:00:00Z
          @monthly         | UTC           | 2026-02-01T00:00:00Z 2026-03-01T00:00:00Z
          @yearly          | UTC           | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z
          @annually        | UTC           | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z
          0 0 29 2 *       | UTC           | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z
          every 90s        | UTC           | 2026-01-02T02:31:30Z 2026-01-02T02:33:00Z
          every minute     | UTC           | 2026-01-02T02:31:00Z 2026-01-02T02:32:00Z
          every hour       | UTC           | 2026-01-02T03:00:00Z 2026-01-02T04:00:00Z
          every 12 hours   | UTC           | 2026-01-02T12:00:00Z 2026-01-03T00:00:00Z
          every day        | UTC           | 2026-01-03T00:00:00Z 2026-01-04T00:00:00Z
          every week       | UTC           | 2026-01-05T00:00:00Z 2026-01-12T00:00:00Z
          every fortnight  | UTC           | 2026-01-05T00:00:00Z 2026-01-19T00:00:00Z
          every PT1.5S     | UTC           | 2026-01-02T02:30:01.500Z 2026-01-02T02:30:03Z
          """)
  void a_schedule_ticks_when_it_says(String text, String zone, String ticks) {
    CronSchedule schedule = CronSchedule.parse(text, zone);
    Instant from = Instant.parse("2026-01-02T02:30:00Z");
    List<String> found = new ArrayList<>();
    Optional<Instant> next = schedule.after(from);
    for (int i = 0; i < 2; i++) {
      found.add(next.orElseThrow().toString());
      next = schedule.after(next.orElseThrow());
    }
    assertEquals(List.of(ticks.split(" ")), found);
  }

  @Test
  void elapsed_time_is_counted_from_an_instant_that_all_know() {
    CronSchedule schedule = CronSchedule.parse("every 7s", "UTC");
    Instant some = schedule.after(Instant.parse("2026-01-02T02:30:00Z")).orElseThrow();
    assertEquals(0, (some.getEpochSecond() - 4 * 86_400) % 7);
    assertEquals(Optional.of(some.plusSeconds(7)), schedule.after(some));
    assertEquals(Optional.of(some), schedule.after(some.minusNanos(1)));
    assertEquals(Optional.of(some), schedule.latest(some.minusNanos(1), some));
    assertEquals(Optional.empty(), schedule.latest(some, some.plusSeconds(6)));
    assertEquals(Optional.empty(), schedule.latest(some, some.minusSeconds(100)));
    assertEquals(
        Optional.of(some.plusSeconds(7_000_000_000L)),
        schedule.latest(some, some.plusSeconds(7_000_000_000L)));
  }

  @Test
  void the_last_tick_of_a_long_time_is_found_at_once() {
    Instant from = Instant.parse("1990-01-01T00:00:00Z");
    Instant to = Instant.parse("2026-06-15T12:34:56Z");
    assertEquals(
        Optional.of(Instant.parse("2026-06-15T12:34:00Z")),
        CronSchedule.parse("* * * * *", "UTC").latest(from, to));
    assertEquals(
        Optional.of(Instant.parse("2024-02-29T00:00:00Z")),
        CronSchedule.parse("0 0 29 2 *", "UTC").latest(from, to));
  }

  @Test
  void a_day_that_a_zone_left_out_ticks_once_at_its_end() {
    CronSchedule schedule = CronSchedule.parse("0 6,12 * * *", "Pacific/Apia");
    Instant before = Instant.parse("2011-12-30T09:00:00Z"); // 29 December, 23:00
    Instant skipped = schedule.after(before).orElseThrow();
    assertEquals(Instant.parse("2011-12-30T10:00:00Z"), skipped); // 31 December, 0:00
    assertEquals(
        Optional.of(Instant.parse("2011-12-30T16:00:00Z")), schedule.after(skipped)); // 6:00
  }

  @Test
  void equal_schedules_are_equal() {
    assertEquals(CronSchedule.parse("0 3  * * *", "UTC"), CronSchedule.parse(" 0 3 * * *", "UTC"));
    assertNotEquals(
        CronSchedule.parse("0 3 * * *", "UTC"), CronSchedule.parse("0 3 * * *", "Europe/Berlin"));
    assertEquals(
        "0 3 * * * (Europe/Berlin)", CronSchedule.parse("0 3 * * *", "Europe/Berlin").toString());
    assertEquals("every 90s", CronSchedule.parse("every  90s", "UTC").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          60 * * * *      | minute '60' is not 0 to 59
          -1 * * * *      | minute '-1' is not 0 to 59
          5/10 * * * *    | minute '5/10' is not 0 to 59
          */0 * * * *     | minute '*/0' is not 0 to 59
          1,,2 * * * *    | minute '1,,2' is not 0 to 59
          1,2, * * * *    | minute '1,2,' is not 0 to 59
          1;2 * * * *     | minute '1;2' is not 0 to 59
          30-10 * * * *   | minute '30-10' goes backwards: write 30-59,0-10
          * 24 * * *      | hour '24' is not 0 to 23
          * ? * * *       | hour '?' is not 0 to 23
          * * 0 * *       | day of month '0' is not 1 to 31
          * * 32 * *      | day of month '32' is not 1 to 31
          * * L * *       | day of month 'L' is not 1 to 31
          * * 15W * *     | day of month '15W' is not 1 to 31
          * * * 13 *      | month '13' is not 1 to 12, or JAN to DEC
          * * * JUNE *    | month 'JUNE' is not 1 to 12, or JAN to DEC
          * * * MON *     | month 'MON' is not 1 to 12, or JAN to DEC
          * * * * 8       | day of week '8' is not 0 to 7, where 0 and 7 are Sunday, or MON to SUN
          * * * * MON#2   | day of week 'MON#2' is not 0 to 7, where 0 and 7 are Sunday, or MON to SUN
          * * * * XYZ     | day of week 'XYZ' is not 0 to 7, where 0 and 7 are Sunday, or MON to SUN
          */90 * * * *    | minute '*/90' has a step of more than 59: for longer ones count elapsed time, such as 'every 90m'
          * 1-5/30 * * *  | hour '1-5/30' has a step of more than 23: for longer ones count elapsed time, such as 'every 90m'
          * 8-6 * * *     | hour '8-6' goes backwards: write 8-23,0-6
          * 3,23-0 * * *  | hour '3,23-0' goes backwards: write 23,0
          * * * DEC-FEB * | month 'DEC-FEB' goes backwards: write DEC,JAN-FEB
          * * * * FRI-MON | day of week 'FRI-MON' goes backwards: write FRI-SUN,MON
          * * * * 5-0     | day of week '5-0' goes backwards: write 5-7
          * * * * 6-2     | day of week '6-2' goes backwards: write 6-7,1-2
          */120 * * * *   | minute '*/120' has a step of more than 59: for longer ones count elapsed time, such as 'every 90m'
          * 22-6/2 * * *  | hour '22-6/2' goes backwards: it has to be two ranges
          * * * 5-0 *     | month '5-0' is not 1 to 12, or JAN to DEC
          * * 5-0 * *     | day of month '5-0' is not 1 to 31
          70-80 * * * *   | minute '70-80' is not 0 to 59
          61 25 * 0 *     | minute '61' is not 0 to 59; hour '25' is not 0 to 23; month '0' is not 1 to 12, or JAN to DEC
          """)
  void a_wrong_field_is_named_with_what_is_allowed(String text, String says) {
    assertRefused(
        "schedule '"
            + text
            + "' is not allowed: "
            + says
            + ". A field is * or a number, a range such as 1-5, * or a range with a step such as"
            + " */15, or several with commas",
        text,
        "UTC");
  }

  @Test
  void a_name_may_be_written_in_capitals() {
    CronSchedule schedule = CronSchedule.parse(" @Daily ", "UTC");
    assertEquals(CronSchedule.parse("@daily", "UTC"), schedule);
    assertEquals("@daily", schedule.text());
  }

  @Test
  void what_is_no_expression_is_refused_with_what_is_allowed() {
    String allowed =
        ". Five fields are allowed (minute, hour, day of month, month, day of week), such as"
            + " '0 3 * * MON-FRI'; or @annually, @daily, @hourly, @midnight, @monthly, @weekly,"
            + " @yearly; or 'every 90s'";
    assertRefused("schedule '' is not allowed: it is empty" + allowed, "", "UTC");
    assertRefused(
        "schedule '@reboot' is not allowed: it is no known name" + allowed, "@reboot", "UTC");
    assertRefused("schedule '0 3 * *' is not allowed: it is 4 fields" + allowed, "0 3 * *", "UTC");
    assertRefused(
        "schedule '0 0 3 * * ?' is not allowed: it is 6 fields" + allowed, "0 0 3 * * ?", "UTC");
    assertRefused(
        "schedule '1|2 * * * *' is not allowed: minute '1|2' is not 0 to 59. A field is * or a number,"
            + " a range such as 1-5, * or a range with a step such as */15, or several with commas",
        "1|2 * * * *",
        "UTC");
    assertRefused(
        "schedule '0 0 30 2 *' is not allowed: no such day ever comes", "0 0 30 2 *", "UTC");
    assertRefused(
        "schedule '0 0 31 4,6,9,11 *' is not allowed: no such day ever comes",
        "0 0 31 4,6,9,11 *",
        "UTC");
  }

  @Test
  void an_unknown_zone_is_refused() {
    for (String zone : List.of("Europe/Berln", "", "Europe Berlin", "CEST")) {
      assertRefused(
          "zone '" + zone + "' is not known: a name such as Europe/Berlin, or UTC (the default)",
          "0 3 * * *",
          zone);
    }
    assertRefused(
        "zone 'Europe/Berlin' is not allowed with 'every 90s', which is elapsed time and the same in"
            + " all zones: leave it out, or say times such as '0 3 * * *'",
        "every 90s",
        "Europe/Berlin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0s", "999ms", "367d", "1m30s", "month", "-5s", "PT1.0000001S", "3 hours", "x"})
  void a_distance_that_is_too_short_too_long_or_none_is_refused(String distance) {
    assertRefused(
        "every '"
            + distance
            + "' is not allowed: a whole number with s, m, h or d, such as 90s or 3h, from 1s to"
            + " 366d; or minute, hour, 12 hours, day, week, fortnight",
        "every " + distance,
        "UTC");
  }

  private static void assertRefused(String message, String text, String zone) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> CronSchedule.parse(text, zone))
            .getMessage());
  }
}
