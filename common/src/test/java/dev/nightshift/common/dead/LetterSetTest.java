package dev.nightshift.common.dead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LetterSetTest {
  @Test
  void it_is_a_set_whatever_the_order() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      LetterSet set = new LetterSet();
      TreeSet<LetterId> expected = new TreeSet<>();
      long base = random.nextInt(3) * 10_000_000_000L;
      for (int i = 0; i < 100; i++) {
        LetterId letter = new LetterId(random.nextInt(3), base + random.nextInt(300));
        if (random.nextInt(4) == 0) {
          set.remove(letter);
          expected.remove(letter);
        } else {
          set.add(letter);
          expected.add(letter);
        }
        assertEquals(expected.contains(letter), set.contains(letter), "seed " + seed);
      }
      List<LetterId> seen = new ArrayList<>();
      set.forEach(seen::add);
      assertEquals(List.copyOf(expected), seen, "seed " + seed);
      assertEquals(expected.size(), set.size(), "seed " + seed);
      assertNextAndLast(set, expected, base + random.nextInt(300), seed);
    }
  }

  private static void assertNextAndLast(
      LetterSet set, TreeSet<LetterId> expected, long from, long seed) {
    for (int partition = 0; partition < 3; partition++) {
      LetterId next = expected.ceiling(new LetterId(partition, from));
      LetterId last = expected.floor(new LetterId(partition, Long.MAX_VALUE));
      assertEquals(of(next, partition), set.next(partition, from), "seed " + seed);
      assertEquals(of(last, partition), set.last(partition), "seed " + seed);
    }
  }

  private static OptionalLong of(LetterId letter, int partition) {
    return letter == null || letter.partition() != partition
        ? OptionalLong.empty()
        : OptionalLong.of(letter.offset());
  }

  @Test
  void an_empty_one_has_nothing() {
    LetterSet set = new LetterSet();
    assertEquals(0, set.size());
    assertTrue(set.partitions().isEmpty());
    assertEquals(OptionalLong.empty(), set.next(0, 0));
    assertEquals(OptionalLong.empty(), set.last(0));
  }
}
