package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.cli.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagsAreSetAndLiftedByCommandTest {
  /// What a command printed, both streams, and its exit status.
  private record Said(int status, String text) {}

  @Test
  void andEachSaysWhatItDid(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(1);
      String server = "--bootstrap-server=" + fleet.bootstrapServers();
      Said paused =
          say("queue", "pause", "scenario/work", "--reason", "too many", "--actor", "ada", server);
      assertEquals(0, paused.status(), paused.text());
      assertTrue(
          paused.text().matches("scenario/work is paused by ada since \\S+: too many\n"),
          paused.text());
      Said again = say("queue", "pause", "scenario/work", server);
      assertEquals(0, again.status());
      assertTrue(again.text().startsWith("scenario/work was already paused by ada"), again.text());
      assertEquals(
          0, say("queue", "block", "scenario/*", "--reason", "r", "--until=1h", server).status());
      Said resumed = say("queue", "unpause", "scenario/work", server);
      assertTrue(
          resumed
              .text()
              .matches(
                  "scenario/work is not paused any more\n"
                      + " {2}but scenario/\\* is blocked by \\S+ since \\S+ until \\S+: r\n"),
          resumed.text());
      assertEquals(
          "scenario/* is not blocked any more\n",
          say("queue", "unblock", "scenario/*", server).text());
      assertEquals(
          "scenario/* was not blocked\n", say("queue", "unblock", "scenario/*", server).text());

      refused(3, "there is no canvas 'shop'", "queue", "pause", "shop/mail", server);
      refused(2, "'shop' names no queue: write CANVAS/QUEUE", "queue", "pause", "shop", server);
      refused(2, "--reason", "queue", "block", "scenario/work", server);
      refused(
          2,
          "'soon' is no time: write 30m, 2h or 2026-01-02T03:04:05Z",
          "queue",
          "pause",
          "scenario/work",
          "--until",
          "soon",
          server);
    }
    refused(2, "which cluster? Say --bootstrap-server", "queue", "pause", "scenario/work");
    refused(
        69, "localhost:1", "queue", "pause", "scenario/work", "--bootstrap-server", "localhost:1");
  }

  private static void refused(int status, String why, String... command) throws Exception {
    Said said = say(command);
    assertTrue(said.text().contains(why), said.text());
    assertEquals(status, said.status(), said.text());
  }

  private static Said say(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("NIGHTSHIFT_BOOTSTRAP_SERVER");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), String.join(" ", arguments) + " hangs");
    return new Said(process.exitValue(), text);
  }
}
