package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
@ExtendWith(EventFleets.class)
class ScaleCommandTest {
  private static final Instant SINCE = Instant.parse("2030-01-01T12:00:00Z");

  @Test
  void what_is_wanted_is_shown_with_its_reason(EventFleet fleet) {
    assertEquals(
        new Said(
            0,
            "",
            "nightshift: no scheduler decides how many workers are wanted; start one with: nightshift"
                + " scheduler\n"),
        fleet.run("scale"));
    fleet.scale(decision(), Duration.ZERO);
    Said shown = fleet.run("scale");
    assertEquals("", shown.err());
    assertTrue(
        shown
            .out()
            .matches(
                """
                wanted   4
                running  2
                why      48,000 wait
                since    \\S+ ago, 2030-01-01T12:00:00Z
                bounds   1 to 16 workers, target 1m
                waiting  48,000, the first for about 20s; 7 more for their queue's limit
                rates    300.0/s arrive, 800.0/s are drained, 400.0/s by a worker that is busy
                said     \\ds ago by one
                """),
        shown.out());
    assertEquals(new Said(0, "4\n", ""), fleet.run("scale", "-o", "name"));
    String json = fleet.run("scale", "-o", "jsonl").out();
    assertTrue(
        json.startsWith(
            "{\"schemaVersion\":1,\"workers\":{\"wanted\":4,\"running\":2},\"reason\":\"48,000 wait\","
                + "\"since\":\"2030-01-01T12:00:00Z\",\"saidAt\":"),
        json);
    assertTrue(json.endsWith(",\"partitions\":6},\"fresh\":true}\n"), json);
    assertTrue(fleet.run("scale", "-o", "yaml").out().contains("workers:\n  wanted: 4\n"));
  }

  @Test
  void how_much_waits_is_said_as_it_is(EventFleet fleet) {
    assertEquals("0", waiting(fleet, 0, 0, 0));
    assertEquals("0; 7 for their queue's limit", waiting(fleet, 0, 0, 7));
    assertEquals("1, the first came just now", waiting(fleet, 1, 0, 0));
    assertEquals("1,200, the first for about 1m5s", waiting(fleet, 1_200, 65, 0));
  }

  private static String waiting(EventFleet fleet, long waiting, int oldestSeconds, long limited) {
    Duration oldest = Duration.ofSeconds(oldestSeconds);
    fleet.scale(
        decision(new ScaleFigures(waiting, limited, oldest, 0, 0, OptionalDouble.empty(), 6)),
        Duration.ZERO);
    return fleet
        .run("scale")
        .out()
        .lines()
        .filter(line -> line.startsWith("waiting"))
        .map(line -> line.substring("waiting  ".length()))
        .collect(Collectors.joining());
  }

  @Test
  void a_decision_that_nobody_stands_for_any_more_is_said_to_be_old(EventFleet fleet) {
    fleet.scale(decision(), Duration.ofSeconds(90));
    Said shown = fleet.run("scale", "-o", "name");
    assertEquals("4\n", shown.out());
    assertTrue(
        shown
            .err()
            .matches(
                "nightshift: no scheduler has decided for 1m3\\ds; start one with: nightshift"
                    + " scheduler\n"),
        shown.err());
    assertTrue(fleet.run("scale", "-o", "jsonl").out().endsWith("\"fresh\":false}\n"));
  }

  private static ScaleDecision decision() {
    return decision(
        new ScaleFigures(48_000, 7, Duration.ofSeconds(20), 300, 800, OptionalDouble.of(400), 6));
  }

  private static ScaleDecision decision(ScaleFigures figures) {
    return new ScaleDecision(
        4, 2, "48,000 wait", SINCE, ScaleBounds.DEFAULT, figures, "one", SINCE);
  }

  @Test
  void what_is_named_is_set_and_the_rest_stays(EventFleet fleet) {
    assertEquals(
        new Said(
            0,
            "bounds are now 2 to 16 workers, target 30s (before: 1 to 16 workers, target 1m)\n",
            ""),
        fleet.run("scale", "set", "--min=2", "--target=30s", "--actor=ann", "--reason=Friday"));
    assertEquals(
        new Said(0, "bounds were already 2 to 16 workers, target 30s\n", ""),
        fleet.run("scale", "set", "--max=16"));
    assertEquals(
        new Said(
            0,
            "{\"schemaVersion\":1,\"changed\":false,\"bounds\":{\"min\":2,\"max\":16,"
                + "\"targetMillis\":30000}}\n",
            ""),
        fleet.run("scale", "set", "--max=16", "-o", "jsonl"));
    Said audit = fleet.run("audit", "-o", "jsonl");
    assertTrue(
        audit
            .out()
            .contains(
                "\"actor\":\"ann\",\"action\":\"scale set\",\"target\":\"workers\",\"before\":\"1 to 16"
                    + " workers, target 1m\",\"after\":\"2 to 16 workers, target 30s\",\"reason\":\"Friday\""),
        audit.out());
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: --min 2 is not allowed with max 1: at most as many\n"
                + "How it is used: nightshift scale set --help\n"),
        fleet.run("scale", "set", "--max=1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                        | what is to be set? Say --min, --max or --target, or several of them
          --min=-1      | --min -1 is not allowed: 0 to 10,000 workers
          --max=0       | --max 0 is not allowed: 1 to 10,000 workers; to stop all work pause it with: nightshift queue pause '*'
          --target=1s   | --target: duration '1s' is not allowed: from 5s to 24h
          --target=soon | --target: duration 'soon' is not allowed: a whole number with ms, s, m, h or d, such as 30s, or ISO 8601, such as PT30S; from 5s to 24h
          """)
  void what_is_not_allowed_is_said_without_a_cluster(String option, String says) {
    Said said = option == null ? Said.by("scale", "set") : Said.by("scale", "set", option);
    assertEquals(
        new Said(2, "", "nightshift: " + says + "\nHow it is used: nightshift scale set --help\n"),
        said);
  }
}
