package dev.nightshift.common.dead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class LetterSourceTest {
  @Test
  void each_wanted_letter_that_is_there_comes_once_in_its_order() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      TreeSet<LetterId> there = new TreeSet<>();
      LetterSet wanted = new LetterSet();
      TreeSet<LetterId> expected = new TreeSet<>();
      for (int i = 0; i < 60; i++) {
        LetterId letter = new LetterId(random.nextInt(3), random.nextInt(200));
        boolean trimmed = random.nextInt(10) == 0;
        if (!trimmed) {
          there.add(letter);
        }
        if (random.nextBoolean()) {
          wanted.add(letter);
        }
      }
      there.stream().filter(wanted::contains).forEach(expected::add);
      LetterSource source = new LetterSource(wanted, new InMemory(there, random));
      List<LetterId> seen = new ArrayList<>();
      List<ConsumerRecord<byte[], byte[]>> chunk = source.next(1 + random.nextInt(7), 10);
      while (!chunk.isEmpty()) {
        assertTrue(chunk.size() <= 7, "seed " + seed);
        chunk.forEach(record -> seen.add(new LetterId(record.partition(), record.offset())));
        chunk = source.next(1 + random.nextInt(7), 10);
      }
      assertEquals(List.copyOf(expected), seen, "seed " + seed);
      assertEquals(List.of(), source.next(5, 10), "seed " + seed);
    }
  }

  @Test
  void a_chunk_has_no_more_bytes_than_it_may_but_at_least_one_letter() {
    TreeSet<LetterId> there = new TreeSet<>();
    LetterSet wanted = new LetterSet();
    for (int offset = 0; offset < 5; offset++) {
      there.add(new LetterId(0, offset));
      wanted.add(new LetterId(0, offset));
    }
    LetterSource source = new LetterSource(wanted, new InMemory(there, new Random(1)));
    assertEquals(2, source.next(10, 5).size());
    assertEquals(1, source.next(10, 1).size());
    assertEquals(2, source.next(10, 100).size());
  }

  /// Partitions that give some records at a time, and skip as much as they are told.
  private static final class InMemory implements LetterSource.Partitions {
    private final TreeSet<LetterId> there;
    private final Random random;
    private long position;

    InMemory(TreeSet<LetterId> there, Random random) {
      this.there = there;
      this.random = random;
    }

    @Override
    public void start(int partition, long offset) {
      position = offset;
    }

    @Override
    public Iterable<ConsumerRecord<byte[], byte[]>> next(int partition, long skipTo, long end) {
      if (random.nextBoolean()) {
        position = Math.max(position, skipTo);
      }
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      there.tailSet(new LetterId(partition, position)).stream()
          .filter(letter -> letter.partition() == partition)
          .limit(1 + random.nextInt(5))
          .forEach(
              letter -> records.add(Letters.record(letter, Letters.NOON, Letters.exhausted("e"))));
      if (!records.isEmpty()) {
        position = records.get(records.size() - 1).offset() + 1;
      }
      return records;
    }
  }
}
