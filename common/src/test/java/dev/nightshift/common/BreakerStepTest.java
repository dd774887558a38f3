package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class BreakerStepTest {
  private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Canvas SHOP = new Canvas("shop", 2, "t", "g", false);
  private static final Scope MAIL = Scope.queue("shop", "mail");

  private ControlView view = ControlView.EMPTY.with(SHOP);

  private static Killer killer(String event, int attempt, Instant at) {
    return new Killer("shop", 2, "mail", event, attempt, "w1", at);
  }

  private Optional<Flag> killed(String event, int attempt, Instant at) {
    BreakerStep step = BreakerStep.killed(view, killer(event, attempt, at), at);
    view = step.after(view);
    return step.block();
  }

  private boolean survived(Instant at) {
    BreakerStep step = BreakerStep.survived(view, SHOP, "mail", at);
    view = step.after(view);
    return !step.lifted().isEmpty();
  }

  private boolean stopped(Instant at) {
    return view.flags().stopsQueue(SHOP, "mail", at);
  }

  private void set(Breaker breaker) {
    view = view.builder().put(breaker).build();
  }

  @Test
  void the_third_event_blocks_its_queue_for_a_minute() {
    assertEquals(Optional.empty(), killed("e1", 4, NOW));
    assertEquals(Optional.empty(), killed("e1", 5, NOW.plus(MINUTE)), "the same event again");
    assertEquals(Optional.empty(), killed("e2", 4, NOW.plus(MINUTE)));
    Instant third = NOW.plus(MINUTE.multipliedBy(2));
    Flag block = killed("e3", 4, third).orElseThrow();
    assertEquals(
        "blocked by nightshift since 2026-05-04T03:04:01Z until 2026-05-04T03:05:01Z: 3 different"
            + " events killed the process within 10m: e1, e2, e3; then one is tried",
        block.text());
    assertEquals(MAIL, block.scope());
    assertTrue(stopped(third));
    assertTrue(view.breakers().trip(SHOP, "mail").isPresent());
    assertEquals(Optional.empty(), view.breakers().trip(SHOP, "bill"));
  }

  @Test
  void what_was_longer_ago_does_not_count() {
    killed("e1", 4, NOW);
    killed("e2", 4, NOW.plus(MINUTE));
    Instant later = NOW.plus(Duration.ofMinutes(10)).plusMillis(1);
    assertEquals(Optional.empty(), killed("e3", 4, later));
    assertTrue(killed("e4", 4, later.plusSeconds(1)).isPresent());
    killed("other", 4, NOW.plus(Duration.ofDays(2)));
    assertEquals(1, view.breakers().killers().size(), "what is a day old is forgotten");
  }

  @Test
  void an_event_that_is_tried_and_kills_blocks_again_for_twice_as_long_up_to_an_hour() {
    Instant now = NOW;
    for (int i = 1; i <= 3; i++) {
      killed("e" + i, 4, now);
    }
    List<Duration> blocks = new ArrayList<>();
    for (int i = 4; i <= 11; i++) {
      Flag last = view.breakers().trip(SHOP, "mail").orElseThrow();
      blocks.add(Duration.between(last.setAt(), last.until().orElseThrow()));
      now = last.until().orElseThrow().plusSeconds(1);
      assertTrue(killed("e" + i, 1, now).isPresent());
      assertEquals(1, view.flags().all().size(), "the block before is lifted");
    }
    assertEquals(Stream.of(1, 2, 4, 8, 16, 32, 60, 60).map(Duration::ofMinutes).toList(), blocks);
    assertEquals(
        "event e11, tried after the last block, killed the process; then the next is tried",
        view.breakers().trip(SHOP, "mail").orElseThrow().reason());
  }

  @Test
  void an_event_that_is_tried_and_ends_lets_the_queue_run_and_what_was_counted_is_forgotten() {
    for (int i = 1; i <= 3; i++) {
      killed("e" + i, 4, NOW);
    }
    assertEquals(false, survived(NOW.plusSeconds(59)), "what ran before the block says nothing");
    assertEquals(true, survived(NOW.plusSeconds(60)));
    assertEquals(ControlView.EMPTY.with(SHOP).flags().all(), view.flags().all());
    assertEquals(Optional.empty(), view.breakers().trip(SHOP, "mail"));
    assertEquals(false, survived(NOW.plusSeconds(61)));
    assertEquals(Optional.empty(), killed("e4", 4, NOW.plusSeconds(62)));
    assertEquals(Optional.empty(), killed("e5", 4, NOW.plusSeconds(62)));
    Flag block = killed("e6", 4, NOW.plusSeconds(62)).orElseThrow();
    assertEquals(NOW.plusSeconds(122), block.until().orElseThrow(), "a minute again");
  }

  @Test
  void a_loss_that_is_found_twice_changes_nothing_more() {
    killed("e1", 4, NOW);
    killed("e2", 4, NOW);
    killed("e3", 4, NOW);
    ControlView once = view;
    assertEquals(Optional.empty(), killed("e3", 4, NOW.plusSeconds(5)));
    assertEquals(Optional.empty(), killed("e3", 4, NOW.plusSeconds(65)), "while it is tried");
    assertEquals(once.version(), view.version());
    // It was counted, and who did so died before the block was set.
    view = view.without("flag/" + view.flags().all().get(0).id());
    assertTrue(killed("e3", 4, NOW.plusSeconds(5)).isPresent());
  }

  @Test
  void a_loss_that_was_counted_during_a_block_and_is_found_again_after_it_is_no_trial() {
    killed("e1", 4, NOW);
    killed("e2", 4, NOW);
    killed("e3", 4, NOW);
    assertEquals(Optional.empty(), killed("e4", 4, NOW.plusSeconds(30)), "it ran before");
    assertEquals(Optional.empty(), killed("e4", 4, NOW.plusSeconds(65)), "found again");
    assertTrue(killed("e5", 4, NOW.plusSeconds(66)).isPresent(), "this one was tried");
  }

  @Test
  void two_who_find_the_same_at_once_set_one_block() {
    killed("e1", 4, NOW);
    killed("e2", 4, NOW);
    BreakerStep one = BreakerStep.killed(view, killer("e3", 4, NOW), NOW);
    BreakerStep other =
        BreakerStep.killed(view, killer("e3", 4, NOW.plusMillis(1)), NOW.plusMillis(2));
    view = other.after(one.after(view));
    assertEquals(1, view.flags().all().size());
    // Of different events each sets its own; both are lifted.
    BreakerStep third = BreakerStep.killed(one.after(view), killer("e4", 4, NOW), NOW);
    assertEquals(Optional.empty(), third.block());
  }

  @Test
  void a_block_of_a_human_is_neither_replaced_nor_tried() {
    Flag human =
        new Flag("1", FlagKind.BLOCK, MAIL, 2, "ada", "why", NOW, Optional.of(NOW.plus(MINUTE)));
    view = view.builder().put(human).build();
    for (int i = 1; i <= 5; i++) {
      assertEquals(Optional.empty(), killed("e" + i, 4, NOW));
    }
    assertEquals(List.of(human), view.flags().all());
    assertEquals(Optional.empty(), view.breakers().trip(SHOP, "mail"));
    assertEquals(false, survived(NOW.plus(MINUTE)));
  }

  @Test
  void a_breaker_that_is_off_counts_nothing_and_tries_nothing() {
    killed("e1", 4, NOW);
    killed("e2", 4, NOW);
    killed("e3", 4, NOW);
    set(new Breaker("shop", 2, "mail", false, 3, MINUTE, MINUTE));
    assertEquals(Optional.empty(), view.breakers().trip(SHOP, "mail"));
    assertTrue(stopped(NOW.plusSeconds(59)), "the block stays until its end");
    assertEquals(Optional.empty(), killed("e4", 4, NOW.plusSeconds(61)));
    assertEquals(3, view.breakers().killers(SHOP, "mail").size());
  }

  @Test
  void it_is_set_for_a_queue() {
    set(new Breaker("shop", 2, "mail", true, 1, MINUTE, Duration.ofSeconds(5)));
    assertEquals("on, 1 event in 1m, first block 5s", view.breakers().of(SHOP, "mail").text());
    assertEquals("on, 3 events in 10m, first block 1m", view.breakers().of(SHOP, "bill").text());
    Flag block = killed("e1", 4, NOW).orElseThrow();
    assertEquals(NOW.plusSeconds(5), block.until().orElseThrow());
    assertEquals("1 event killed the process within 1m: e1; then one is tried", block.reason());
  }

  @Test
  void a_reason_names_three_events_and_is_never_too_long() {
    set(new Breaker("shop", 2, "mail", true, 5, MINUTE, MINUTE));
    String id = "x".repeat(Names.EVENT_ID_CHARS_MAX - 1);
    for (int i = 1; i <= 4; i++) {
      killed(id + i, 4, NOW);
    }
    String reason = killed(id + "5", 4, NOW).orElseThrow().reason();
    assertTrue(reason.endsWith(" and 2 more; then one is tried"), reason);
    assertTrue(reason.length() < Cause.REASON_CHARS_MAX);
  }

  @Test
  void values_out_of_bounds_are_refused() {
    assertRefused("events 0 is not allowed: from 1 to 100", 0, MINUTE, MINUTE);
    assertRefused("events 101 is not allowed: from 1 to 100", 101, MINUTE, MINUTE);
    assertRefused("within 500ms is not allowed: from 1s to 24h", 1, Duration.ofMillis(500), MINUTE);
    assertRefused("block 2h is not allowed: from 1s to 1h", 1, MINUTE, Duration.ofHours(2));
  }

  private static void assertRefused(String message, int events, Duration within, Duration block) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new Breaker("shop", 2, "mail", true, events, within, block))
            .getMessage());
  }

  @TestFactory
  Stream<DynamicTest> whoever_finds_what_and_when_the_rule_holds() {
    return LongStream.range(0, 200)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(new Random(seed))));
  }

  // Losses are found once or twice, ends come at any time, humans block and lift.
  private static void run(Random random) {
    BreakerStepTest one = new BreakerStepTest();
    int events = 1 + random.nextInt(4);
    Duration within = Duration.ofSeconds(1 + random.nextInt(120));
    one.set(
        new Breaker(
            "shop", 2, "mail", true, events, within, Duration.ofSeconds(1 + random.nextInt(60))));
    Instant now = NOW;
    List<Killer> since = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      now = now.plusMillis(random.nextInt(20_000));
      boolean wasStopped = one.stopped(now);
      Optional<Flag> trip = one.view.breakers().trip(SHOP, "mail");
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          Killer killer = killer("e" + random.nextInt(8), step, now);
          Optional<Flag> block = one.killed(killer.eventId(), step, now);
          since.add(killer);
          Instant from = now.minus(within);
          Set<String> recent = new HashSet<>();
          since.stream().filter(k -> !k.at().isBefore(from)).forEach(k -> recent.add(k.eventId()));
          boolean due = !wasStopped && (trip.isPresent() || recent.size() >= events);
          assertEquals(due, block.isPresent());
          one.checkLonger(trip, block);
          if (random.nextInt(4) == 0) {
            assertEquals(Optional.empty(), one.killed(killer.eventId(), step, now.plusMillis(1)));
          }
        }
        case 3 -> {
          boolean tried = trip.isPresent() && !trip.get().counts(now);
          assertEquals(tried, one.survived(now));
          if (tried) {
            since.clear();
          }
        }
        case 4 -> {
          Flag human =
              new Flag(
                  "h" + step,
                  FlagKind.BLOCK,
                  MAIL,
                  2,
                  "ada",
                  "",
                  now,
                  Optional.of(now.plusSeconds(30)));
          one.view = one.view.builder().put(human).build();
        }
        default -> {
          // Time passes.
        }
      }
    }
  }

  private void checkLonger(Optional<Flag> before, Optional<Flag> block) {
    if (before.isPresent() && block.isPresent()) {
      Duration last = Duration.between(before.get().setAt(), before.get().until().orElseThrow());
      Duration next = Duration.between(block.get().setAt(), block.get().until().orElseThrow());
      assertEquals(
          last.multipliedBy(2).compareTo(Breaker.BLOCK_MAX) < 0
              ? last.multipliedBy(2)
              : Breaker.BLOCK_MAX,
          next);
    }
  }
}
