package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two scheduler processes on a real broker, with the sessions that they have by default.
class ASchedulerThatIsKilledTest {
  private static final int EVENTS = 900;
  private static final Duration APART = Duration.ofMillis(20);
  private static final Duration GAP_MAX = Duration.ofSeconds(10);

  @TempDir private Path folder;

  @Test
  void is_followed_by_another_that_emits_the_rest_once_and_within_ten_seconds() throws Exception {
    try (TimerFleet fleet = new TimerFleet()) {
      Process killed = start(fleet, "killed");
      Process other = start(fleet, "other");
      try {
        TimerFleet.await("each has a part", () -> parts("killed") == 3 && parts("other") == 3);
        Map<String, Instant> due = new HashMap<>();
        Instant first = Instant.now().plusSeconds(1);
        for (int i = 0; i < EVENTS; i++) {
          due.put("e" + i, first.plus(APART.multipliedBy(i)));
        }
        due.forEach(fleet::delay);
        fleet.flush();
        TimerFleet.await("some are emitted", () -> fleet.emitted("shop").size() >= 100);
        killed.destroyForcibly().waitFor();
        TimerFleet.await("all are emitted", () -> fleet.emitted("shop").size() >= EVENTS);
        TimerFleet.await(
            "all have ended",
            () ->
                fleet.read(fleet.plan.delayed()).stream()
                        .filter(each -> each.value() == null)
                        .count()
                    >= EVENTS);
        check(fleet, due);
        other.destroy();
        assertTrue(other.waitFor(5, TimeUnit.SECONDS), () -> "ends late:\n" + printed("other"));
        assertEquals(0, other.exitValue(), () -> printed("other"));
      } finally {
        killed.destroyForcibly().waitFor();
        other.destroyForcibly().waitFor();
      }
    }
  }

  private void check(TimerFleet fleet, Map<String, Instant> due) {
    Map<String, Integer> times = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> event : fleet.emitted("shop")) {
      String id = TimerFleet.header(event, "ce_id");
      times.merge(id, 1, Integer::sum);
      Duration late =
          Duration.between(
              Objects.requireNonNull(due.get(id)), Instant.ofEpochMilli(event.timestamp()));
      assertTrue(late.compareTo(Duration.ofMillis(-1)) > 0, id + " was early: " + late);
      assertTrue(
          late.compareTo(GAP_MAX) < 0, () -> id + " was late: " + late + "\n" + printed("other"));
    }
    times.values().removeIf(count -> count == 1);
    assertEquals(Map.of(), times, "emitted more than once");
  }

  private long parts(String name) {
    String printed = printed(name);
    return printed.lines().filter(line -> line.contains("fires what is due")).count()
        - printed.lines().filter(line -> line.contains("fires no more")).count();
  }

  private Process start(TimerFleet fleet, String name) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                SchedulerMain.class.getName(),
                "--name=" + name,
                "--bootstrap-server=" + fleet.kafka.bootstrapServers()))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private String printed(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
