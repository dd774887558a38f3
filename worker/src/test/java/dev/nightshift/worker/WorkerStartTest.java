package dev.nightshift.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.FleetException;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.events.WorkerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How a worker starts, or does not.
@Timeout(120)
class WorkerStartTest {
  private static final String LACKS =
      "it has no file META-INF/services/dev.nightshift.handler.Handler that names a handler class,"
          + " so it is ignored; add the file, or take the JAR out: a library is seen by no handler"
          + " but those of its own JAR";

  private static LocalKafka kafka;

  @TempDir private Path folder;
  private final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
  private Set<Long> threadsBefore = Set.of();

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void lookAtThreads() {
    threadsBefore = threads().keySet();
  }

  @Test
  void a_jar_without_handlers_is_named() throws IOException {
    jar("library.jar");
    try (Worker worker = Worker.start(settings(Map.of(), true), events::add)) {
      assertEquals(List.of(), worker.queues());
    }
    assertEquals(List.of(new WorkerEvent.JarIgnored("library.jar", LACKS)), List.copyOf(events));
    assertNothingLeft();
  }

  @Test
  void a_folder_without_any_handler_stops_the_start() throws IOException {
    jar("a.jar");
    jar("b.jar");
    assertEquals(
        "there are no handlers in "
            + folder
            + ": put a handler JAR there, name another folder with --handlers, or start with"
            + " --allow-empty\n- a.jar: "
            + LACKS
            + "\n- b.jar: "
            + LACKS,
        assertThrows(
                WorkerException.UnusableHandlers.class,
                () -> Worker.start(settings(Map.of(), false), events::add))
            .getMessage());
  }

  @Test
  void a_producer_that_cannot_be_made_leaves_nothing_open() {
    FleetException.Refused refused =
        assertThrows(
            FleetException.Refused.class,
            () -> Worker.start(settings(Map.of("compression.lz4.level", "99"), true), events::add));
    assertEquals(
        "cannot write to the topic nightshift.traces: Kafka at "
            + kafka.bootstrapServers()
            + " refuses (ConfigException: Invalid value 99 for configuration"
            + " compression.lz4.level: Value must be no more than 17)",
        refused.getMessage());
    assertNothingLeft();
  }

  @Test
  void a_consumer_that_cannot_be_made_leaves_nothing_open() {
    WorkerException.UnusableLog unusable =
        assertThrows(
            WorkerException.UnusableLog.class,
            () ->
                Worker.start(
                    settings(Map.of("heartbeat.interval.ms", "60000"), true), events::add));
    assertTrue(String.valueOf(unusable.getMessage()).contains("Heartbeat"), unusable::getMessage);
    assertNothingLeft();
  }

  private WorkerSettings settings(Map<String, Object> more, boolean allowEmpty) {
    Map<String, Object> client = new HashMap<>(more);
    client.put("bootstrap.servers", kafka.bootstrapServers());
    return new WorkerSettings(
        client,
        TopicPlan.standard(),
        "w",
        folder,
        allowEmpty,
        10,
        Duration.ofSeconds(5),
        WorkerSettings.RETRY_DELAYS,
        OptionalInt.of(1),
        TraceLevel.ON);
  }

  private void jar(String name) throws IOException {
    new JarOutputStream(Files.newOutputStream(folder.resolve(name))).close();
  }

  // The clients' own threads may take a moment to end.
  private void assertNothingLeft() {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!left().isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(10_000_000);
    }
    assertEquals(Map.of(), left());
  }

  private Map<Long, String> left() {
    Map<Long, String> left = threads();
    left.keySet().removeAll(threadsBefore);
    return left;
  }

  private static Map<Long, String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread ->
            thread.getName().matches("nightshift-.*|kafka-(producer|admin|coordinator)-.*"))
        .collect(Collectors.toMap(Thread::threadId, Thread::getName));
  }
}
