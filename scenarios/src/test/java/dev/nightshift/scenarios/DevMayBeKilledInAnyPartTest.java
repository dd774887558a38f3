package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `nightshift dev` in a folder of its own, with everything that may befall it.
class DevMayBeKilledInAnyPartTest {
  private static final Pattern ADDRESS = Pattern.compile("Kafka +(127\\.0\\.0\\.1:([0-9]+))");
  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void andNothingIsLostAndNoProcessStays() throws Exception {
    HandlerJar.write(folder.resolve("handlers/handlers.jar"), "OnlyWork");
    String port;
    try (CommandProcess dev = dev("0")) {
      port = ready(dev);
      refusesASecond(dev, port);
      runsWhatAnyClientEmits(port);
      startsAWorkerAgainThatWasKilled(dev, port);
      takesNewHandlers(dev);
      List<ProcessHandle> parts = parts(dev);
      part(dev, "LocalKafkaMain").destroyForcibly();
      assertEquals(1, dev.exit(), dev.printed());
      assertGone(parts);
      String said =
          "ended without being told to; why may stand at the end of "
              + folder.resolve(".nightshift/kafka/broker.log")
              + ". All is stopped. What was emitted is kept, and goes on when nightshift dev is"
              + " started again\n";
      assertTrue(dev.printed().endsWith(said), dev.printed());
    }
    try (CommandProcess dev = dev(port)) {
      ready(dev);
      emit(port, "orphan", "until never");
      await("it runs", () -> starts("orphan") == 1);
      List<ProcessHandle> parts = parts(dev);
      dev.kill();
      assertGone(parts);
    }
    Files.createFile(folder.resolve("never"));
    try (CommandProcess dev = dev(port)) {
      ready(dev);
      await("what ran when it was killed runs again", () -> ends("orphan") == 1);
      drainsWhenInterrupted(dev, port);
    }
  }

  private void refusesASecond(CommandProcess first, String port) {
    try (CommandProcess second = dev("0")) {
      assertEquals(4, second.exit());
      assertSaid(
          second,
          "another nightshift dev (process %d) works in %s, its Kafka is at 127.0.0.1:%s. Use that one, or end it, or start this one elsewhere with --data DIR and --port PORT"
              .formatted(first.handle().pid(), folder.resolve(".nightshift"), port));
    }
    try (CommandProcess elsewhere = dev(port, "--data=elsewhere")) {
      assertEquals(4, elsewhere.exit());
      assertSaid(
          elsewhere,
          "port %s of this machine is taken by java (process %d). End that, or choose another port with --port PORT, 0 for any free one"
              .formatted(port, part(first, "LocalKafkaMain").pid()));
    }
  }

  private void runsWhatAnyClientEmits(String port) throws Exception {
    command(port, "canvas", "create", "scenario");
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", "localhost:" + port),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var record =
          new ProducerRecord<byte[], byte[]>(
              "nightshift.events.scenario", "return".getBytes(UTF_8));
      record.headers().add("ce_id", "plain".getBytes(UTF_8));
      record.headers().add("ce_type", "work".getBytes(UTF_8));
      producer.send(record).get(20, TimeUnit.SECONDS);
    }
    await("a plain producer's event ends", () -> ends("plain") == 1);
  }

  private void startsAWorkerAgainThatWasKilled(CommandProcess dev, String port) {
    emit(port, "cut", "until go");
    await("it runs", () -> starts("cut") == 1);
    ProcessHandle worker = part(dev, "WorkerMain");
    worker.destroyForcibly();
    await("it runs again", () -> starts("cut") == 2);
    release("go");
    await("it ends", () -> ends("cut") == 1);
    assertSaid(
        dev,
        "the worker (process %d) was killed by signal 9; another starts in 1s, what it ran is run again"
            .formatted(worker.pid()));
  }

  private void takesNewHandlers(CommandProcess dev) {
    HandlerJar.write(folder.resolve("handlers/handlers.jar"), "Work");
    await(
        "it takes them",
        () ->
            dev.printed()
                .contains(
                    "nightshift dev: the worker runs [other/work, scenario/child,"
                        + " scenario/limited, scenario/urgent, scenario/work]"));
    assertSaid(dev, "the handlers have changed: the worker drains, and another takes its place");
  }

  private void drainsWhenInterrupted(CommandProcess dev, String port) {
    emit(port, "last", "until end");
    await("it runs", () -> starts("last") == 1);
    List<ProcessHandle> parts = parts(dev);
    dev.interrupt();
    await("it drains", () -> dev.printed().contains("Draining[running=1"));
    release("end");
    assertEquals(130, dev.exit(), dev.printed());
    assertGone(parts);
    assertEquals(1, ends("last"), "an interrupted dev lets its handlers finish");
    assertSaid(dev, "ended; what was emitted is kept in " + folder.resolve(".nightshift"));
  }

  private CommandProcess dev(String port, String... more) {
    String[] arguments =
        Stream.concat(Stream.of("dev", "--handlers=handlers", "--port=" + port), Stream.of(more))
            .toArray(String[]::new);
    return CommandProcess.start(
        folder,
        Map.of(
            "JAVA_TOOL_OPTIONS",
            "-Dscenario.worker=dev -Dscenario.folder=" + folder,
            // Somebody's own fleet.
            "NIGHTSHIFT_BOOTSTRAP_SERVER",
            "localhost:1"),
        arguments);
  }

  private static String ready(CommandProcess dev) {
    await(
        "it is ready", () -> dev.printed().contains("Ctrl-C ends it.") || !dev.handle().isAlive());
    Matcher address = ADDRESS.matcher(dev.printed());
    assertTrue(address.find(), dev.printed());
    return address.group(2);
  }

  private static void emit(String port, String id, String script) {
    try (Emitter emitter = Emitter.connect(EmitterSettings.of("127.0.0.1:" + port, "scenario"))) {
      emitter.emit(ScenarioFleet.event("scenario", id, script)).join();
    }
  }

  private void command(String port, String... words) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--bootstrap-server=127.0.0.1:" + port;
    try (CommandProcess command = CommandProcess.start(folder, all)) {
      assertEquals(0, command.exit(), command.printed());
    }
  }

  private void release(String file) {
    try {
      Files.createFile(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long starts(String id) {
    return notes(id, true);
  }

  private long ends(String id) {
    return notes(id, false);
  }

  private long notes(String id, boolean start) {
    return Note.all(folder).stream()
        .filter(note -> note.id().equals(id) && note.isStart() == start)
        .count();
  }

  private static List<ProcessHandle> parts(CommandProcess dev) {
    await(
        "there are a Kafka, a worker and a scheduler", () -> dev.handle().children().count() == 3);
    return dev.handle().children().toList();
  }

  private static ProcessHandle part(CommandProcess dev, String main) {
    return dev.handle()
        .children()
        .filter(each -> commandLine(each).contains(main))
        .findFirst()
        .orElseThrow();
  }

  // Java's own cuts off long ones.
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private static void assertGone(List<ProcessHandle> parts) {
    await("its parts are gone", () -> parts.stream().noneMatch(ProcessHandle::isAlive));
  }

  private static void assertSaid(CommandProcess command, String line) {
    assertTrue(
        command
            .printed()
            .lines()
            .anyMatch(each -> each.matches("nightshift( dev)?: " + Pattern.quote(line))),
        () -> "not said: " + line + "\n" + command.printed());
  }

  private static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within " + SOON.toSeconds() + " s: " + what);
      LockSupport.parkNanos(20_000_000);
    }
  }
}
