package dev.nightshift.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.junit.jupiter.api.Test;

class LocalNightshiftTest {
  @Test
  void aStartThatFailsAtItsLastStepLeavesNothingRunning() {
    Set<Thread> before = threads();
    assertThrows(
        InvalidTopicException.class,
        () -> LocalNightshift.start(List.of(new Greet()), "no topic's name"));
    awaitEndOfAllBut(before);
  }

  @Test
  void whatCannotBeClosedKeepsNothingElseOpen() {
    List<String> closed = new ArrayList<>();
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    opened.push(() -> closed.add("first"));
    opened.push(() -> {
      throw new IllegalStateException("stuck");
    });
    opened.push(() -> closed.add("last"));
    assertEquals(
        "[java.lang.IllegalStateException: stuck]", LocalNightshift.closeAll(opened).toString());
    assertEquals(List.of("last", "first"), closed);
  }

  private static void awaitEndOfAllBut(Set<Thread> before) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!left(before).isEmpty()) {
      assertTrue(System.nanoTime() < end, () -> "still there: " + left(before));
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static Set<String> left(Set<Thread> before) {
    return threads().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name ->
            name.startsWith("nightshift-")
                || name.startsWith("kafka-producer-network-thread")
                || name.startsWith("kafka-admin-client-thread")
                || name.contains("SocketServer"))
        .collect(Collectors.toSet());
  }

  private static Set<Thread> threads() {
    return Set.copyOf(Thread.getAllStackTraces().keySet());
  }
}
