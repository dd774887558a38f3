package dev.nightshift.scheduler.internal.timers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.KeyHash;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TimerIndexTest {
  private static final Comparator<Timer> ORDER =
      Comparator.comparingLong(Timer::dueMicros).thenComparingLong(Timer::offset);

  /// The same by the simplest means.
  private static final class Model {
    final Map<KeyHash, Timer> timers = new HashMap<>();

    Optional<Timer> first() {
      return timers.values().stream().min(ORDER);
    }
  }

  @TestFactory
  Stream<DynamicTest> whatever_is_done_it_is_what_a_list_of_all_timers_says() {
    return LongStream.range(0, 40)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(seed)));
  }

  private static void run(long seed) {
    Random random = new Random(seed);
    TimerIndex index = new TimerIndex();
    Model model = new Model();
    // Few keys meet again; many make the arrays grow.
    int keys = seed % 2 == 0 ? 40 : 4_000;
    for (int step = 0; step < 5_000; step++) {
      KeyHash key = key(random.nextInt(keys), seed);
      switch (random.nextInt(seed % 3 == 0 ? 8 : 4)) {
        case 0 -> assertEquals(Optional.ofNullable(model.timers.remove(key)), index.remove(key));
        case 1 -> {
          Optional<Timer> first = model.first();
          assertEquals(first, index.first());
          first.ifPresent(timer -> {
            index.remove(timer.key());
            model.timers.remove(timer.key());
          });
        }
        case 2 -> assertEquals(Optional.ofNullable(model.timers.get(key)), index.get(key));
        default -> {
          Timer timer = new Timer(key, random.nextInt(500), step, random.nextInt(5), 100);
          index.put(timer);
          model.timers.put(key, timer);
        }
      }
      if (step % 1_000 == 999) {
        removeOf(random.nextInt(5), step - random.nextInt(900), index, model);
      }
      assertEquals(model.timers.size(), index.size());
    }
    model.timers.values().stream()
        .sorted(ORDER)
        .forEach(timer -> {
          assertEquals(OptionalLong.of(timer.dueMicros()), index.firstDue());
          assertEquals(Optional.of(timer), index.first());
          assertEquals(Optional.of(timer), index.remove(timer.key()));
        });
    assertEquals(OptionalLong.empty(), index.firstDue());
  }

  // Also keys that want the same place.
  private static KeyHash key(int number, long seed) {
    return seed % 4 == 0 ? new KeyHash(number, number % 3) : KeyHash.of(bytes(number));
  }

  private static byte[] bytes(int number) {
    return ("shop/" + number).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void removeOf(int target, long below, TimerIndex index, Model model) {
    List<Timer> removed = index.removeOf(target, below, 50);
    List<Timer> wanted =
        model.timers.values().stream()
            .filter(timer -> timer.target() == target && timer.offset() < below)
            .toList();
    assertEquals(Math.min(50, wanted.size()), removed.size());
    removed.forEach(timer -> assertEquals(timer, model.timers.remove(timer.key())));
    assertEquals(removed.size(), removed.stream().filter(wanted::contains).count());
  }

  @Test
  void a_million_timers_take_less_than_150_bytes_each() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long before = runtime.totalMemory() - runtime.freeMemory();
    TimerIndex index = new TimerIndex();
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      index.put(
          new Timer(
              new KeyHash(random.nextLong(), random.nextLong()), random.nextLong(), i, 0, 100));
    }
    System.gc();
    long bytes = runtime.totalMemory() - runtime.freeMemory() - before;
    assertEquals(1_000_000, index.size());
    assertEquals(true, bytes < 150_000_000, () -> bytes + " bytes");
  }
}
