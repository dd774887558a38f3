package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class TracePlaceTest {
  @Test
  void the_key_names_the_attempt() {
    assertEquals("quakes/e/1/3", TracePlace.key("quakes", "e/1", 3));
  }

  @Test
  void the_partition_is_that_of_the_events_key() {
    assertEquals(
        BuiltInPartitioner.partitionForKey("quakes/e1".getBytes(UTF_8), 6),
        TracePlace.partition("quakes", "e1", 6));
    for (String id : List.of("e1", "e/1", "")) {
      byte[] key = TracePlace.key("quakes", id, 3).getBytes(UTF_8);
      assertEquals(TracePlace.partition("quakes", id, 6), TracePlace.partitionOfKey(key, 6));
    }
  }

  @Test
  void events_spread_over_all_partitions() {
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      used.add(TracePlace.partition("quakes", "e" + i, 12));
    }
    assertEquals(12, used.size());
  }
}
