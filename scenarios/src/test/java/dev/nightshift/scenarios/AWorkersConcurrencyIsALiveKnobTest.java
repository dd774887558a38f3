package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AWorkersConcurrencyIsALiveKnobTest {
  /// What runs is not interrupted, what is said of one by name beats what is said of all, and it
  /// counts for a worker that is started again under its name.
  @Test
  void turnedByCommand(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(2);
      fleet.startWorker();
      fleet.emitMany("first", 50, "until go");
      fleet.await("all run", Duration.ofSeconds(20), () -> fleet.notes().size() == 50);
      assertEquals(
          "worker-1: concurrency 3 (before: as started)\nnightshift: 1 of 1 workers act by it\n",
          said(fleet, folder, 0, "set", "worker-1", "--concurrency=3", "--wait"));
      fleet.emitMany("second", 40, "sleep 100");
      fleet.release("go");
      fleet.await("all end", Duration.ofSeconds(30), () -> fleet.outcomes().size() == 90);
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
      assertEquals(3, mostAtOnce(fleet, "second"));

      assertEquals(
          "all workers: concurrency 6 (before: as started)\n",
          said(fleet, folder, 0, "set", "--all", "--concurrency=6"));
      fleet.worker("worker-1").terminate();
      assertEquals(0, fleet.worker("worker-1").exit(Duration.ofSeconds(20)));
      fleet.launchWorker("--name=worker-1");
      fleet.awaitMembers(1);
      fleet.emitMany("third", 40, "sleep 100");
      fleet.await("all end", Duration.ofSeconds(30), () -> fleet.outcomes().size() == 130);
      assertEquals(3, mostAtOnce(fleet, "third"));

      assertTrue(
          said(fleet, folder, 3, "set", "worker-2", "--concurrency=3")
              .contains("no worker 'worker-2' lives; did you mean worker-1?"));
      assertTrue(
          said(fleet, folder, 2, "set", "worker-1", "--concurrency=0")
              .contains("concurrency 0 is not allowed: 1 to 100,000 handlers at once"));
      assertEquals(
          "worker-1: concurrency as started (before: 3)\nnightshift: 1 of 1 workers act by it\n",
          said(fleet, folder, 0, "set", "worker-1", "--default", "--wait"));
      assertTrue(
          said(fleet, folder, 0, "list", "-o", "jsonl").contains("\"slots\":6,"), "all counts now");
    }
  }

  private static String said(ScenarioFleet fleet, Path folder, int status, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "workers";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 1] = "--bootstrap-server=" + fleet.bootstrapServers();
    try (CommandProcess command = CommandProcess.start(folder, all)) {
      int exit = command.exit();
      assertEquals(status, exit, command::printed);
      return command.printed();
    }
  }

  // Notes stand in the order of their writing.
  private static int mostAtOnce(ScenarioFleet fleet, String prefix) {
    Set<String> running = new HashSet<>();
    int most = 0;
    for (Note note : fleet.notes()) {
      if (note.id().startsWith(prefix)) {
        if (note.isStart()) {
          running.add(note.id());
        } else {
          running.remove(note.id());
        }
        most = Math.max(most, running.size());
      }
    }
    return most;
  }
}
