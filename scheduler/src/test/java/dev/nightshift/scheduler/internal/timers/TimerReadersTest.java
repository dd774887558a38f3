package dev.nightshift.scheduler.internal.timers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What a partition of the delayed topic says is the same to whoever reads it, and whenever.
class TimerReadersTest {
  /// Who follows, and stops and takes over again, comes to the same as who reads all from the
  /// start, compacted or not; and each event is emitted once or ends once.
  @TestFactory
  Stream<DynamicTest> every_reader_of_the_log_comes_to_the_same() {
    return LongStream.range(0, 200)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(seed)));
  }

  private static void run(long seed) {
    Random random = new Random(seed);
    TimerLog log = new TimerLog();
    TimerBook owner = TimerLog.book(3_000);
    owner.own(true);
    Set<Long> ended = new HashSet<>();
    long read = 0;
    Instant now = TimerLog.NOON;
    for (int step = 0; step < 300; step++) {
      String id = "e" + random.nextInt(8);
      switch (random.nextInt(8)) {
        case 0, 1 -> log.event(id, now.plusSeconds(random.nextInt(100)));
        case 2 -> log.cancel(id);
        case 3 -> log.append("shop/" + id, new byte[0], Map.of("ce_id", id));
        case 4 -> now = now.plusSeconds(random.nextInt(40));
        case 5 -> {
          read = readOn(owner, log, read, now);
          write(owner, log, now, ended, random);
        }
        case 6 -> {
          // Another takes over, having read all.
          owner = TimerLog.book(3_000);
          readOn(owner, log, 0, now);
          read = log.end;
          owner.own(true);
        }
        default -> read = readOn(owner, log, read, now);
      }
    }
    read = readOn(owner, log, read, now);
    while (owner.doomed() > 0) {
      write(owner, log, now, ended, random);
      read = readOn(owner, log, read, now);
    }
    TimerBook whole = TimerLog.book(3_000);
    readOn(whole, log, 0, now);
    assertEquals(state(whole), state(owner));
    long cut = random.nextLong(log.end + 1);
    TimerLog compacted = new TimerLog();
    compacted.records.putAll(log.records);
    compacted.end = log.end;
    compacted.compact(cut);
    TimerBook fresh = TimerLog.book(3_000);
    readOn(fresh, compacted, 0, now);
    assertEquals(whole.size(), fresh.size());
    assertEquals(whole.firstDueMicros(), fresh.firstDueMicros());
  }

  private static String state(TimerBook book) {
    return book.size() + " wait, first at " + book.firstDueMicros() + ", doomed " + book.doomed();
  }

  private static long readOn(TimerBook book, TimerLog log, long from, Instant now) {
    log.records.tailMap(from).values().forEach(record -> book.read(record, TimerLog.micros(now)));
    return log.end;
  }

  // An answer that is not heard leaves the book as it was: the log tells. Others write meanwhile.
  private static void write(
      TimerBook book, TimerLog log, Instant now, Set<Long> ended, Random random) {
    for (long offset : book.wanted(TimerLog.micros(now))) {
      book.loaded(log.at(offset));
    }
    List<Act> acts = book.acts(TimerLog.VIEW, now, new TimerBook.Batch(3, 10_000));
    if (random.nextInt(3) == 0) {
      log.event("e" + random.nextInt(8), now.plusSeconds(random.nextInt(100)));
    }
    if (random.nextInt(3) == 0) {
      log.cancel("e" + random.nextInt(8));
    }
    boolean isHeard = random.nextBoolean();
    for (Act act : acts) {
      if (act instanceof Act.Fire fire) {
        assertTrue(ended.add(fire.timer().offset()), "emitted twice: " + fire);
        assertTrue(fire.dueMicros() <= TimerLog.micros(now), "too early: " + fire);
      }
      log.write(act);
      if (isHeard) {
        book.done(act);
      }
    }
  }
}
