package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `nightshift dev` in a folder of its own, and Ctrl-C before it has said that it is ready.
class DevMayBeInterruptedWhileItStartsTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void andLeavesNothingBehind() throws Exception {
    HandlerJar.write(folder.resolve("handlers/handlers.jar"), "OnlyWork");
    try (CommandProcess dev = dev()) {
      await(dev, "Kafka starts", () -> dev.handle().children().findAny().isPresent());
      List<ProcessHandle> parts = dev.handle().children().toList();
      dev.interrupt();
      assertEquals(130, dev.exit(), dev.printed());
      assertSaid(dev, "ended before all had started");
      assertEquals(List.of(), parts.stream().filter(ProcessHandle::isAlive).toList());
    }
    Process former = new ProcessBuilder("sleep", "600").start();
    try {
      String started = former.toHandle().info().startInstant().orElseThrow().toString();
      String note =
          "kafka=%d\nkafka-started=%s\n".formatted(former.pid(), started.replace(":", "\\:"));
      Path mark = folder.resolve(".nightshift/nightshift-dev");
      Files.writeString(mark, "pid=0\n" + note + "address=\n");
      try (CommandProcess dev = dev()) {
        String waits =
            "the Kafka of an earlier run (process " + former.pid() + ") is still about to end …";
        await(dev, "it waits", () -> dev.printed().contains(waits));
        dev.interrupt();
        assertEquals(130, dev.exit(), dev.printed());
        assertSaid(dev, "ended before all had started");
      }
      assertEquals("pid=0\n" + note + "address=\n", Files.readString(mark), "it is forgotten");
    } finally {
      former.destroyForcibly();
    }
  }

  private CommandProcess dev() {
    return CommandProcess.start(
        folder,
        "dev",
        "--handlers=" + folder.resolve("handlers"),
        "--data=" + folder.resolve(".nightshift"),
        "--port=0");
  }

  private static void assertSaid(CommandProcess command, String line) {
    assertTrue(
        command.printed().lines().anyMatch(("nightshift dev: " + line)::equals), command.printed());
  }

  private static void await(CommandProcess command, String what, BooleanSupplier holds) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end && command.handle().isAlive(), what);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
