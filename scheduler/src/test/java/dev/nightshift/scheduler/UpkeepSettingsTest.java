package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpkeepSettingsTest {
  @Test
  void all_that_is_wrong_is_said_at_once() {
    assertEquals(List.of(), UpkeepSettings.DEFAULT.problems());
    assertEquals(List.of(), new UpkeepSettings(Duration.ofHours(1), true).problems());
    assertEquals(
        List.of("upkeep-every 1h1ms is not allowed: from 1s to 1h"),
        new UpkeepSettings(Duration.ofHours(1).plusMillis(1), true).problems());
    assertEquals(
        List.of(
            "name 'a b' is not allowed: 1 to 253 of A-Z, a-z, 0-9, '.', '_' and '-'",
            "upkeep-every 999ms is not allowed: from 1s to 1h"),
        new SchedulerSettings(
                Map.of(),
                TopicPlan.standard(),
                "a b",
                ScaleSettings.DEFAULT,
                new UpkeepSettings(Duration.ofMillis(999), false))
            .problems());
  }
}
