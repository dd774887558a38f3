package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightshift.local.LocalKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C, as a process of its own gets it.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventInterruptTest {
  @Test
  void an_emission_says_how_far_it_came_and_a_tail_just_ends() throws Exception {
    try (LocalKafka kafka = LocalKafka.start();
        EventFleet fleet = new EventFleet(kafka).with("shop")) {
      Process emitting = start(fleet.command("event", "emit", "shop/mail", "-", "-o", "name"));
      try (OutputStream input = emitting.getOutputStream();
          BufferedReader ids = emitting.inputReader(UTF_8)) {
        input.write("1\n2\n\n3\n4".getBytes(UTF_8)); // the last line is not whole
        input.flush();
        List<String> printed = List.of(ids.readLine(), ids.readLine(), ids.readLine());
        interrupt(emitting);
        assertEquals(
            "nightshift: interrupted. 3 events were emitted, all before line 5. Go on with"
                + " --from-line 5\n",
            new String(emitting.getErrorStream().readAllBytes(), UTF_8));
        assertEquals(130, emitting.waitFor());
        assertEquals(3, printed.stream().distinct().count());
      } finally {
        emitting.destroyForcibly();
      }
      Process tail = start(fleet.command("event", "tail"));
      try (BufferedReader rows = tail.inputReader(UTF_8)) {
        assertTrue(rows.readLine().startsWith("ENDED "));
        fleet.store(fleet.trace("e1", "completed"));
        assertTrue(rows.readLine().contains("  e1  "));
        interrupt(tail);
        assertEquals("", new String(tail.getErrorStream().readAllBytes(), UTF_8));
        assertEquals(130, tail.waitFor());
      } finally {
        tail.destroyForcibly();
      }
    }
  }

  @Test
  void a_progress_bar_does_not_take_the_interrupt(@TempDir Path folder) throws Exception {
    Path pipe = folder.resolve("events");
    assumeTrue(new ProcessBuilder("sh", "-c", "command -v script").start().waitFor() == 0);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    try (LocalKafka kafka = LocalKafka.start();
        EventFleet fleet = new EventFleet(kafka).with("shop")) {
      String[] emit = fleet.command("event", "emit", "shop/mail", "--file=" + pipe);
      // It gives the command a terminal, without which there is no bar.
      Process terminal =
          new ProcessBuilder("script", "-qec", String.join(" ", command(emit)), "/dev/null")
              .start();
      try (OutputStream lines = Files.newOutputStream(pipe);
          InputStream screen = terminal.getInputStream()) {
        StringBuilder shown = new StringBuilder();
        while (!shown.toString().contains("emitted ")) {
          lines.write("1\n".repeat(300).getBytes(UTF_8));
          lines.flush();
          shown.append(new String(screen.readNBytes(screen.available()), UTF_8));
        }
        ProcessHandle emitting =
            terminal.descendants().filter(EventInterruptTest::isJava).findFirst().orElseThrow();
        interrupt(emitting.pid());
        shown.append(new String(screen.readAllBytes(), UTF_8));
        assertTrue(shown.toString().contains("nightshift: interrupted. "), shown.toString());
        assertEquals(130, terminal.waitFor());
      } finally {
        terminal.descendants().forEach(ProcessHandle::destroyForcibly);
        terminal.destroyForcibly();
      }
    }
  }

  private static boolean isJava(ProcessHandle process) {
    return process.info().command().filter(path -> path.endsWith("java")).isPresent();
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    interrupt(process.pid());
  }

  private static void interrupt(long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
  }

  private static Process start(String... arguments) throws IOException {
    return new ProcessBuilder(command(arguments)).start();
  }

  private static List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
