package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "5m, PT5M",
    "2h, PT2H",
    "7d, PT168H",
    "0s, PT0S",
    "' 30 S ', PT30S",
    "PT30S, PT30S",
    "pt1m30s, PT1M30S",
    "P1D, PT24H",
    "36500d, PT876000H"
  })
  void reads_what_people_write(String text, Duration meant) {
    assertEquals(meant, Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "30",
        "30x",
        "-5s",
        "1.5h",
        "PT-5S",
        "P",
        "5m30s",
        "36501d",
        "99999999999999999999s",
        "9223372036854775807d",
        "٣s"
      })
  void refuses_everything_else(String text) {
    assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
  }

  @Test
  void says_what_is_allowed() {
    assertEquals(
        "duration '5 minutes' is not allowed: a whole number with ms, s, m, h or d, such as 30s, or"
            + " ISO 8601, such as PT30S; at most 36500d",
        assertThrows(IllegalArgumentException.class, () -> Durations.parse("5 minutes"))
            .getMessage());
  }

  @Test
  void says_what_is_allowed_here() {
    Duration day = Duration.ofDays(1);
    assertEquals(day, Durations.parse("24h", Duration.ofSeconds(5), day));
    assertEquals(
        "duration 'soon' is not allowed: a whole number with ms, s, m, h or d, such as 30s, or ISO"
            + " 8601, such as PT30S; from 5s to 24h",
        refused("soon", Duration.ofSeconds(5), day));
    assertEquals(
        "duration '1s' is not allowed: from 5s to 24h", refused("1s", Duration.ofSeconds(5), day));
    assertEquals("duration '25h' is not allowed: at most 24h", refused("25h", Duration.ZERO, day));
    assertEquals(
        "duration 'PT-5S' is not allowed: from 0s to 24h", refused("PT-5S", Duration.ZERO, day));
  }

  private static String refused(String text, Duration least, Duration most) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Durations.parse(text, least, most))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "PT30S, 30s",
    "PT1M30S, 1m30s",
    "PT0.5S, 500ms",
    "PT0.001S, 1ms",
    "PT1.5S, 1.5s",
    "PT0.0015S, 0.0015s",
    "PT1H0.001S, 1h1ms",
    "PT36H, 36h",
    "PT48H, 2d",
    "PT49H30M, 2d1h30m",
    "PT8808H, 367d",
    "PT-0.001S, -0.001s",
    "PT0S, 0s"
  })
  void writes_what_people_read(Duration duration, String text) {
    assertEquals(text, Durations.text(duration));
  }
}
