package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlagsTest {
  private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
  private static final Canvas SHOP = new Canvas("shop", 2, "t", "g", false);
  private static final Canvas SHOP_BEFORE = new Canvas("shop", 1, "t", "g", true);
  private static final Canvas BANK = new Canvas("bank", 1, "t", "g", false);

  private static Flag flag(String id, FlagKind kind, Scope scope, int generation) {
    return new Flag(id, kind, scope, generation, "ada", "why", NOW, Optional.empty());
  }

  private static Flag until(Flag flag, Instant end) {
    return new Flag(
        flag.id(),
        flag.kind(),
        flag.scope(),
        flag.generation(),
        flag.actor(),
        flag.reason(),
        flag.setAt(),
        Optional.of(end));
  }

  private static Flags flags(Flag... flags) {
    return new Flags(List.of(flags));
  }

  @Test
  void a_queue_is_stopped_by_a_flag_of_any_scope_that_covers_it() {
    Flag own = flag("1", FlagKind.PAUSE, Scope.queue("shop", "mail"), 2);
    Flag canvas = flag("2", FlagKind.PAUSE, Scope.canvas("shop"), 2);
    Flag all = flag("3", FlagKind.BLOCK, Scope.all(), 0);
    Flags flags = flags(own, canvas, all);
    assertEquals(List.of(all, own, canvas), flags.stopping(SHOP, "mail", NOW));
    assertEquals(List.of(all, canvas), flags.stopping(SHOP, "bill", NOW));
    assertEquals(List.of(all), flags.stopping(BANK, "mail", NOW));
    assertTrue(flags.stopsQueue(SHOP, "mail", NOW));
    assertFalse(flags.stopsQueue(SHOP, "bill", NOW));
    assertTrue(flags.stopsCanvas(BANK, NOW));
    assertFalse(flags(own).stopsCanvas(SHOP, NOW));
  }

  @Test
  void a_pause_and_a_block_are_independent() {
    Scope scope = Scope.queue("shop", "mail");
    Flag pause = flag("1", FlagKind.PAUSE, scope, 2);
    Flag block = flag("2", FlagKind.BLOCK, scope, 2);
    ControlView both = ControlView.EMPTY.builder().put(pause).put(block).build();
    ControlView unpaused = both.without("flag/1");
    ControlView unblocked = both.without("flag/2");
    assertTrue(unpaused.flags().stopsQueue(SHOP, "mail", NOW));
    assertTrue(unblocked.flags().stopsQueue(SHOP, "mail", NOW));
    assertFalse(unblocked.without("flag/1").flags().stopsQueue(SHOP, "mail", NOW));
    assertEquals(2, both.version());
    assertEquals(3, unpaused.version());
  }

  @Test
  void a_canvas_that_was_created_again_starts_without_flags() {
    Flags flags =
        flags(
            flag("1", FlagKind.PAUSE, Scope.queue("shop", "mail"), 1),
            flag("2", FlagKind.PAUSE, Scope.canvas("shop"), 1));
    assertEquals(2, flags.stopping(SHOP_BEFORE, "mail", NOW).size());
    assertEquals(List.of(), flags.stopping(SHOP, "mail", NOW));
    assertFalse(flags.stopsCanvas(SHOP, NOW));
  }

  @Test
  void a_flag_counts_until_its_end() {
    Instant end = NOW.plusSeconds(60);
    Flag flag = until(flag("1", FlagKind.PAUSE, Scope.queue("shop", "mail"), 2), end);
    Flag later = until(flag("2", FlagKind.PAUSE, Scope.all(), 0), end.plusSeconds(1));
    Flags flags = flags(flag, later);
    assertTrue(flags.stopsQueue(SHOP, "mail", end.minusNanos(1)));
    assertFalse(flags.stopsQueue(SHOP, "mail", end));
    assertEquals(Optional.of(end), flags.nextEnd(NOW));
    assertEquals(Optional.of(end.plusSeconds(1)), flags.nextEnd(end));
    assertEquals(Optional.empty(), flags.nextEnd(end.plusSeconds(1)));
    assertEquals(List.of(), flags.exactly(FlagKind.PAUSE, Scope.all(), 0, end.plusSeconds(1)));
  }

  @Test
  void says_who_and_why() {
    Flag flag = flag("1", FlagKind.BLOCK, Scope.all(), 0);
    assertEquals("blocked by ada since 2026-05-04T03:02:01Z: why", flag.text());
    assertEquals(
        "blocked by ada since 2026-05-04T03:02:01Z until 2026-05-04T03:03:01Z: why",
        until(flag, NOW.plusSeconds(60)).text());
  }
}
