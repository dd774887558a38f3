package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScaleSettingsTest {
  @Test
  void a_command_is_parted_at_blanks_but_not_in_quotes() {
    assertEquals(
        List.of("docker", "compose", "up", "-d", "--scale", "worker={n}"),
        ScaleSettings.words("docker compose  up -d --scale worker={n} "));
    assertEquals(
        List.of("run", "a b", "c'd", "", "e$F*"), ScaleSettings.words("run 'a b' \"c'd\" '' e$F*"));
    assertEquals(
        "'run 'a b' is not allowed: a quote ' has no end",
        assertThrows(IllegalArgumentException.class, () -> ScaleSettings.words("run 'a b"))
            .getMessage());
  }

  @Test
  void all_that_is_not_allowed_is_said_at_once() {
    assertEquals(
        List.of(
            "scale-every 500ms is not allowed: 1s to 15s",
            "scale-cool-down 2h is not allowed: 10s to 1h",
            "partitions-max -1 is not allowed: 0 (none are added) to 10,000",
            "scale-command 'scale-up {m}' is not allowed: a program and its arguments, one of them"
                + " with {n} in it, such as docker compose up -d --scale worker={n}"),
        new ScaleSettings(
                Duration.ofMillis(500), Duration.ofHours(2), -1, Optional.of("scale-up {m}"))
            .problems());
    assertEquals(List.of(), ScaleSettings.DEFAULT.problems());
  }
}
