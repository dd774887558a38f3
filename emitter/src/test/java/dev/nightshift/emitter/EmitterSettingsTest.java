package dev.nightshift.emitter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EmitterSettingsTest {
  @Test
  void all_that_is_wrong_is_said_at_once() {
    assertEquals(
        "the emitter's settings are wrong: source ' ' is not allowed: 1 to 200 characters, none of"
            + " them a control character, and not only spaces; partitions 0 is not allowed: from 1"
            + " to 10000; replication 0 is not allowed: from 1 to 32767; unacknowledgedBytesMax 1023"
            + " is not allowed: from 1024 to 1073741824; whenFull -0.001s is not allowed: from 0s to"
            + " 1h; confirmTimeout 99ms is not allowed: from 100ms to 1h",
        wrong(" ", 0, OptionalInt.of(0), 1_023, Duration.ofMillis(-1), Duration.ofMillis(99)));
    assertEquals(
        "the emitter's settings are wrong: source 'a?b' is not allowed: 1 to 200 characters, none of"
            + " them a control character, and not only spaces; partitions 10001 is not allowed: from"
            + " 1 to 10000; replication 32768 is not allowed: from 1 to 32767;"
            + " unacknowledgedBytesMax 1073741825 is not allowed: from 1024 to 1073741824; whenFull"
            + " 1h1ms is not allowed: from 0s to 1h; confirmTimeout 106751991167300d15h is not"
            + " allowed: from 100ms to 1h",
        wrong(
            "a\nb",
            10_001,
            OptionalInt.of(32_768),
            (1 << 30) + 1,
            Duration.ofHours(1).plusMillis(1),
            Duration.ofHours(2_562_047_788_015_215L)));
  }

  @Test
  void the_bounds_themselves_are_allowed() {
    settings("a", 1, OptionalInt.of(1), 1_024, Duration.ZERO, Duration.ofMillis(100));
    settings(
        "a".repeat(200),
        10_000,
        OptionalInt.of(32_767),
        1 << 30,
        Duration.ofHours(1),
        Duration.ofHours(1));
  }

  private static String wrong(
      String source,
      int partitions,
      OptionalInt replication,
      int bytes,
      Duration whenFull,
      Duration confirm) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () -> settings(source, partitions, replication, bytes, whenFull, confirm))
            .getMessage());
  }

  private static EmitterSettings settings(
      String source,
      int partitions,
      OptionalInt replication,
      int bytes,
      Duration whenFull,
      Duration confirm) {
    return new EmitterSettings(
        Map.of(),
        TopicPlan.standard(),
        source,
        true,
        partitions,
        replication,
        Optional.empty(),
        bytes,
        whenFull,
        confirm);
  }
}
