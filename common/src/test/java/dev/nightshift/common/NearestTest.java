package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void the_name_with_the_fewest_differences_is_the_nearest() {
    List<String> names = List.of("shop", "quakes", "earth");
    assertEquals(Optional.of("quakes"), Nearest.to("qaukes", names));
    assertEquals(Optional.of("shop"), Nearest.to("shops", names));
    assertEquals(Optional.of("earth"), Nearest.to("", List.of("quakes", "earth")));
    assertEquals(Optional.empty(), Nearest.to("quakes", List.of()));
  }

  @Test
  void of_equally_near_names_it_is_the_first() {
    assertEquals(Optional.of("a"), Nearest.to("x", List.of("c", "b", "a")));
  }

  @Test
  void a_name_that_is_close_differs_in_half_of_its_letters_at_most() {
    List<String> names = List.of("shop", "quakes");
    assertEquals(Optional.of("shop"), Nearest.close("shpo", names));
    assertEquals(Optional.empty(), Nearest.close("spot", List.of("shop-of-ann")));
    assertEquals(Optional.empty(), Nearest.close("bank", names));
    assertEquals(Optional.empty(), Nearest.close("", List.of("a")));
  }

  @Test
  void a_queue_of_the_same_canvas_is_meant_before_one_of_another() {
    List<QueueName> queues =
        List.of(queue("shop/mail"), queue("shop/bill"), queue("shops/mial"), queue("bank/pay"));
    assertEquals(Optional.of(queue("shop/mail")), Nearest.queue(queue("shop/mial"), queues));
    assertEquals(Optional.of(queue("shops/mial")), Nearest.queue(queue("shops/mail"), queues));
    assertEquals(Optional.of(queue("shop/bill")), Nearest.queue(queue("shpo/bill"), queues));
    assertEquals(Optional.empty(), Nearest.queue(queue("shop/pay"), queues));
  }

  private static QueueName queue(String name) {
    String[] parts = name.split("/");
    return new QueueName(parts[0], parts[1]);
  }

  @Test
  void letters_put_in_left_out_replaced_and_swapped_count() {
    assertEquals(0, Nearest.distance("quakes", "quakes"));
    assertEquals(1, Nearest.distance("quakes", "quake"));
    assertEquals(1, Nearest.distance("quake", "quakes"));
    assertEquals(1, Nearest.distance("quakes", "quaxes"));
    assertEquals(3, Nearest.distance("kitten", "sitting"));
    assertEquals(4, Nearest.distance("", "four"));
    assertEquals(1, Nearest.distance("mial", "mail"));
    assertEquals(2, Nearest.distance("mial", "bill"));
  }
}
