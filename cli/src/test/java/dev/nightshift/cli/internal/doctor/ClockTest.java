package dev.nightshift.cli.internal.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          200   | 400 | ok       clock: at most 0.2 s from the broker's
          1300  | 400 | ok       clock: at most 1.3 s from the broker's
          3400  | 400 | warning  clock: this machine's is 3.0 s behind the broker's; wanted: less than 1 s apart. Ends that are said as times, such as --until, come that much too early when they are said here, and ages are wrong. Mend it: timedatectl set-ntp true, on the machine whose clock is wrong
          -60000| 400 | wrong    clock: this machine's is 60.0 s ahead of the broker's; wanted: less than 1 s apart. Ends that are said as times, such as --until, come that much too late when they are said here, and ages are wrong. Mend it: timedatectl set-ntp true, on the machine whose clock is wrong
          """)
  void the_clocks_are_as_far_apart_as_they_must_be_at_least(
      long stampedMillis, long confirmedMillis, String says) {
    Clock clock = new Clock(NOON, NOON.plusMillis(stampedMillis), NOON.plusMillis(confirmedMillis));
    assertEquals(says, clock.finding().text());
  }
}
