package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
  @Test
  void readsWhatInstantsAreWrittenAs() {
    Random random = new Random(1);
    long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    for (int i = 0; i < 20_000; i++) {
      long second = random.nextLong(last);
      int digits = random.nextInt(10);
      int unit = (int) Math.pow(10, 9 - digits);
      Instant instant = Instant.ofEpochSecond(second, random.nextInt(1_000_000_000) / unit * unit);
      assertEquals(instant, Rfc3339.parse(instant.toString()));
    }
  }

  @Test
  void writesWhatIsReadAgain() {
    Random random = new Random(2);
    long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    for (int i = 0; i < 20_000; i++) {
      Instant instant = Instant.ofEpochSecond(random.nextLong(last), random.nextInt(1_000_000_000));
      String text = new String(Rfc3339.write(instant), US_ASCII);
      assertEquals(instant.truncatedTo(ChronoUnit.MICROS), Instant.parse(text));
      assertEquals(27, text.length());
    }
    assertEquals(
        "2026-11-26T02:03:04.000006Z",
        new String(Rfc3339.write(Instant.parse("2026-11-26T02:03:04.000006999Z")), US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-26T02:03:04Z",
        "2026-11-26T02:03:04.Z",
        "2026-11-26T02:03:04.5Z",
        "2026-11-26T02:03:04.123456789Z",
        "2024-02-29T23:59:59Z",
        "2026-11-26T23:59:60Z",
        "2026-11-26T24:00:00Z",
        "+12026-11-26T02:03:04Z",
      })
  void readsTheSameAsJava(String text) {
    assertEquals(Instant.parse(text), Rfc3339.parse(text));
  }

  @Test
  void readsTimesThatAreNotInUtc() {
    String text = "2026-11-26T02:03:04+05:30";
    assertEquals(OffsetDateTime.parse(text).toInstant(), Rfc3339.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "yesterday",
        "2026-11-26",
        "2026-11-26T02:03:04",
        "2026-11-26T02:03:04.1234567890Z",
        "2026-11-26T02:03:04,5Z",
        "2026-11-26T02:03:04.5xZ",
        "2026-13-26T02:03:04Z",
        "2026-02-29T02:03:04Z",
        "2026-11-26T02:60:04Z",
        "2026-11-26T02:03:61Z",
        "2026-11-26 02:03:04Z",
        "٢٠٢٦-11-26T02:03:04Z",
      })
  void refusesWhatIsNoTime(String text) {
    assertThrows(DateTimeException.class, () -> Rfc3339.parse(text));
    assertThrows(
        DateTimeException.class,
        () -> {
          Instant instant =
              text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
          throw new AssertionError("Java reads it as " + instant);
        });
  }
}
