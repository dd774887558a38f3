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
  void letters_put_in_left_out_and_replaced_count() {
    assertEquals(0, Nearest.distance("quakes", "quakes"));
    assertEquals(1, Nearest.distance("quakes", "quake"));
    assertEquals(1, Nearest.distance("quake", "quakes"));
    assertEquals(1, Nearest.distance("quakes", "quaxes"));
    assertEquals(3, Nearest.distance("kitten", "sitting"));
    assertEquals(4, Nearest.distance("", "four"));
  }
}
