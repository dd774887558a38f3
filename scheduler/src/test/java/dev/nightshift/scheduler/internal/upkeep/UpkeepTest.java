package dev.nightshift.scheduler.internal.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class UpkeepTest {
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failed = new ConcurrentLinkedQueue<>();
  private volatile boolean leads;

  private final class Fake implements Chore {
    private final String name;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger forgotten = new AtomicInteger();
    private volatile boolean fails;

    Fake(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void turn() {
      turns.incrementAndGet();
      if (fails) {
        throw new KafkaException("not now");
      }
    }

    @Override
    public void forget() {
      forgotten.incrementAndGet();
    }
  }

  @Test
  void a_chore_that_fails_is_told_of_once_and_holds_up_no_other() {
    Fake first = new Fake("trimming");
    Fake second = new Fake("tidying");
    first.fails = true;
    leads = true;
    try (Upkeep upkeep = start(first, second)) {
      await(() -> first.turns.get() >= 3 && second.turns.get() >= 2);
      first.fails = false;
      await(() -> told.size() == 2);
    }
    assertEquals(List.of("trimming is delayed: not now", "trimming goes on"), List.copyOf(told));
    assertEquals(0, first.forgotten.get());
    assertEquals(List.of(), List.copyOf(failed));
  }

  @Test
  void who_does_not_lead_does_nothing_and_who_did_forgets() {
    Fake chore = new Fake("trimming");
    chore.fails = true;
    leads = true;
    try (Upkeep upkeep = start(chore)) {
      await(() -> told.size() == 1);
      leads = false;
      await(() -> chore.forgotten.get() == 1);
      int turns = chore.turns.get();
      leads = true;
      await(() -> told.size() == 2 && chore.turns.get() > turns);
    }
    assertEquals(1, chore.forgotten.get());
    assertEquals(
        List.of("trimming is delayed: not now", "trimming is delayed: not now"), List.copyOf(told));
  }

  private Upkeep start(Chore... chores) {
    return Upkeep.start(
        new Upkeep.Parts(
            () -> leads,
            Duration.ofMillis(5),
            List.of(chores),
            (SchedulerEvent event) -> told.add(event.toString()),
            failed::add));
  }

  private static void await(BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within 20 s");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
