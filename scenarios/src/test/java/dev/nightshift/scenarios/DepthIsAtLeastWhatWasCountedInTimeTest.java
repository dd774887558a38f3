package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DepthIsAtLeastWhatWasCountedInTimeTest {
  private static final int EVENTS = 40_000;
  private static final double FAST_BYTES_PER_SECOND = 1_000_000_000;
  private static final double SLOW_BYTES_PER_SECOND = 100_000;

  /// A cluster that gives out its records slowly: the answer comes all the same, and says that it
  /// is a lower bound. Who wants all waits, and sees how far it is.
  @Test
  void andAllOfItWhenAskedFor(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder, ScenarioFleet.SLOW_READS)) {
      fleet.createCanvas(1);
      fleet.emitMany("e", EVENTS, "return");
      fleet.slowReads(SLOW_BYTES_PER_SECOND);

      String listed = said(fleet, folder, "queue", "list");
      Matcher bound =
          Pattern.compile("scenario/work +active +>= ([0-9,]+) +>= \\1 +- +- +- +- +>= [0-9ms]+ ")
              .matcher(listed);
      assertTrue(bound.find(), listed);
      assertAtLeast(bound.group(1).replace(",", ""), listed);
      assertTrue(
          Pattern.compile(
                  "nightshift: [0-9]+ % was counted; what waits is at least that much. Count all of it"
                      + " with --exact\n")
              .matcher(listed)
              .find(),
          listed);

      String json = said(fleet, folder, "queue", "describe", "scenario/work", "-o", "jsonl");
      Matcher field = Pattern.compile("\"exact\":false,\"depth\":([0-9]+),").matcher(json);
      assertTrue(field.find(), json);
      assertAtLeast(field.group(1), json);

      try (CommandProcess exact =
          start(fleet, folder, "queue", "describe", "scenario/work", "--exact")) {
        fleet.await(
            "it says how far it is",
            Duration.ofSeconds(30),
            () -> exact.printed().matches("(?s).*nightshift: [0-9]+ % was counted\n.*"));
        fleet.slowReads(FAST_BYTES_PER_SECOND);
        assertEquals(0, exact.exit(), exact::printed);
        assertTrue(exact.printed().contains("depth       40,000\n"), exact.printed());
      }
    }
  }

  private static void assertAtLeast(String number, String printed) {
    long counted = Long.parseLong(number);
    assertTrue(counted > 0 && counted < EVENTS, printed);
  }

  private static String said(ScenarioFleet fleet, Path folder, String... arguments) {
    try (CommandProcess command = start(fleet, folder, arguments)) {
      assertEquals(0, command.exit(), command::printed);
      return command.printed();
    }
  }

  private static CommandProcess start(ScenarioFleet fleet, Path folder, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--bootstrap-server=" + fleet.bootstrapServers();
    return CommandProcess.start(folder, all);
  }
}
