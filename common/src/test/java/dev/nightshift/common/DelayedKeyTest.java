package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class DelayedKeyTest {
  @Test
  void it_is_the_canvas_and_the_id() {
    assertEquals("shop/a/b", new String(DelayedKey.of("shop", "a/b"), UTF_8));
  }

  @Test
  void it_is_of_an_id_whatever_the_canvas() {
    assertTrue(isOf("shop/e1", "e1"));
    assertTrue(isOf("other/e1", "e1"));
    assertTrue(isOf("shop/a/b", "a/b"));
    assertFalse(isOf("shop/a/b", "b"), "the canvas ends at the first slash");
    assertFalse(isOf("shop/e11", "e1"));
    assertFalse(isOf("shop/e1", "1"));
    assertFalse(isOf("e1", "e1"));
    assertFalse(isOf("", "e1"));
  }

  private static boolean isOf(String key, String id) {
    return DelayedKey.isOf(key.getBytes(UTF_8), id.getBytes(UTF_8));
  }

  @Test
  void its_partition_is_the_one_that_any_other_client_takes() {
    for (int i = 0; i < 100; i++) {
      byte[] key = DelayedKey.of("shop", "e" + i);
      assertEquals(BuiltInPartitioner.partitionForKey(key, 6), DelayedKey.partition(key, 6));
    }
  }
}
