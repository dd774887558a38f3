package dev.nightshift.scheduler.internal.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Limit;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Scope;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.backlog.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static final TopicPlan PLAN = new TopicPlan("a.");
  private static final Instant AT = Instant.parse("2030-01-01T12:00:00Z");
  private static final Canvas SHOP = new Canvas("shop", 1, "a.events.shop", "a.workers", false);
  private static final String MAIL = "a.lane.shop.1.mail";
  private static final Lane LANE = new Lane("shop", 1, "mail", MAIL, 2);

  private final Sampling sampling = new Sampling(PLAN);
  private final Map<TopicPartition, Standing> standings = new HashMap<>();
  private final List<WorkerBeat> workers = new ArrayList<>();
  private ControlView view = ControlView.EMPTY.builder().put(SHOP).put(LANE).build();
  private int second = 100;

  private void is(String topic, int partition, long settled, long claimed, long end) {
    standings.put(
        new TopicPartition(topic, partition),
        new Standing(settled + claimed, end - settled - claimed, claimed, end));
  }

  private void works(String name, String state) {
    workers.add(new WorkerBeat(name, "h", state, AT, 50, 0, 0, Set.of(), "1", 1, AT));
  }

  private void pauseMail() {
    Flag pause =
        new Flag("f", FlagKind.PAUSE, Scope.parse("shop/mail"), 1, "ann", "", AT, Optional.empty());
    view = view.builder().put(pause).build();
  }

  private Optional<Sampling.Sample> look() {
    second += 5;
    return sampling.next(
        new Snapshot(second * 1_000_000_000L, AT, standings, view, List.copyOf(workers)));
  }

  private Load load() {
    return look().orElseThrow().load();
  }

  @Test
  void the_first_look_says_nothing_of_how_fast_anything_goes() {
    is(SHOP.topic(), 0, 0, 0, 10);
    assertTrue(look().isEmpty());
    assertTrue(look().isPresent());
    sampling.restart();
    assertTrue(look().isEmpty());
  }

  @Test
  void what_came_ended_and_waits_is_added_up_over_partitions() {
    is(SHOP.topic(), 0, 0, 0, 100);
    is(SHOP.topic(), 1, 40, 0, 40);
    is(SHOP.topic(), 2, 7, 0, 7);
    works("w1", "running");
    look();
    is(SHOP.topic(), 0, 20, 10, 150);
    is(SHOP.topic(), 1, 60, 0, 60);
    works("w2", "running");
    works("w3", "draining");
    Sampling.Sample sample = look().orElseThrow();
    Load load = sample.load();
    assertEquals(120, load.waiting());
    assertEquals(Duration.ofSeconds(5), load.oldest());
    assertEquals(14, load.arrivals(), 1e-9);
    assertEquals(8, load.drained(), 1e-9);
    assertEquals(2, load.partitions());
    assertEquals(new Crew(2, 100, 10, false), load.crew());
    assertEquals(
        List.of(new CanvasLoad(SHOP, 120, Duration.ofSeconds(5), 14, 3)), sample.canvases());
    assertTrue(load().crew().steady());
  }

  @Test
  void what_waits_grows_older_with_each_look_until_it_starts() {
    is(SHOP.topic(), 0, 0, 0, 10);
    look();
    is(SHOP.topic(), 0, 0, 0, 50);
    assertEquals(Duration.ofSeconds(5), load().oldest());
    assertEquals(Duration.ofSeconds(10), load().oldest());
    is(SHOP.topic(), 0, 5, 5, 50);
    assertEquals(Duration.ofSeconds(10), load().oldest());
    is(SHOP.topic(), 0, 50, 0, 60);
    assertEquals(Duration.ZERO, load().oldest());
  }

  @Test
  void who_looks_often_knows_as_well_how_long_something_has_waited() {
    is(SHOP.topic(), 0, 0, 0, 10);
    Optional<Sampling.Sample> seen = Optional.empty();
    for (int i = 0; i < 60; i++) {
      second -= 4;
      seen = look();
    }
    assertEquals(Duration.ofSeconds(59), seen.orElseThrow().load().oldest());
  }

  @Test
  void what_is_paused_does_not_count_and_moving_it_aside_is_neither_work_nor_an_arrival() {
    pauseMail();
    is(SHOP.topic(), 0, 0, 0, 0);
    is(MAIL, 0, 0, 0, 0);
    look();
    is(SHOP.topic(), 0, 500, 0, 500);
    is(MAIL, 0, 0, 0, 500);
    Load load = load();
    assertEquals(0, load.waiting());
    assertEquals(0, load.arrivals());
    assertEquals(0, load.drained());
    assertTrue(load().isIdle());
  }

  @Test
  void while_events_are_moved_aside_nothing_is_learned_and_their_canvas_is_given_no_partitions() {
    pauseMail();
    is(SHOP.topic(), 0, 0, 0, 10_000);
    is(MAIL, 0, 0, 0, 0);
    works("w1", "running");
    look();
    is(SHOP.topic(), 0, 500, 0, 10_000);
    is(MAIL, 0, 0, 0, 500);
    Sampling.Sample sample = look().orElseThrow();
    assertEquals(List.of(), sample.canvases());
    assertFalse(sample.load().crew().steady());
    Sampling.Sample calm = look().orElseThrow();
    assertEquals(1, calm.canvases().size());
    assertTrue(calm.load().crew().steady());
  }

  @Test
  void what_goes_on_to_wait_in_its_lane_has_arrived_once() {
    is(SHOP.topic(), 0, 0, 0, 0);
    is(MAIL, 0, 0, 0, 0);
    look();
    is(SHOP.topic(), 0, 100, 0, 100);
    is(MAIL, 0, 0, 0, 100);
    Load load = load();
    assertEquals(100, load.waiting());
    assertEquals(20, load.arrivals(), 1e-9);
    assertEquals(0, load.drained());
  }

  @Test
  void a_queue_that_is_tried_after_its_breakers_block_asks_for_no_workers() {
    view =
        view.builder()
            .put(
                new Flag(
                    "breaker/shop/1/mail/e1/4",
                    FlagKind.BLOCK,
                    Scope.parse("shop/mail"),
                    1,
                    "nightshift",
                    "",
                    AT.minusSeconds(120),
                    Optional.of(AT.minusSeconds(60))))
            .build();
    is(MAIL, 0, 0, 0, 100_000);
    look();
    assertEquals(0, load().waiting());
  }

  @Test
  void a_canvas_that_is_blocked_as_a_whole_does_not_count() {
    view =
        view.builder()
            .put(
                new Flag(
                    "f",
                    FlagKind.BLOCK,
                    Scope.parse("shop/*"),
                    1,
                    "ann",
                    "",
                    AT,
                    Optional.of(AT.plusSeconds(60))))
            .build();
    is(SHOP.topic(), 0, 0, 0, 100);
    look();
    is(SHOP.topic(), 0, 0, 0, 900);
    Sampling.Sample sample = look().orElseThrow();
    assertTrue(sample.load().isIdle());
    assertEquals(List.of(), sample.canvases());
  }

  @Test
  void a_topic_that_canvases_share_is_given_no_partitions() {
    Canvas tenant = new Canvas("tenant", 1, PLAN.shared("tenants"), "a.workers", false);
    view = view.builder().put(tenant).build();
    is(tenant.topic(), 0, 0, 0, 100);
    look();
    Sampling.Sample sample = look().orElseThrow();
    assertEquals(100, sample.load().waiting());
    assertEquals(List.of(), sample.canvases());
  }

  @Test
  void a_topic_that_canvases_share_does_not_count_while_all_that_are_there_are_stopped() {
    String topic = PLAN.shared("tenants");
    Canvas one = new Canvas("one", 1, topic, "a.workers", false);
    Canvas two = new Canvas("two", 1, topic, "a.workers", false);
    Flag block =
        new Flag("f", FlagKind.BLOCK, Scope.canvas("one"), 1, "ann", "", AT, Optional.empty());
    is(topic, 0, 0, 0, 100);
    view = view.builder().put(one).put(two).put(block).build();
    look();
    assertEquals(100, load().waiting());
    view = view.builder().put(two.deleted(false)).build();
    assertEquals(100, load().waiting(), "what is deleted ends");
    view = view.builder().put(two.deleted(true)).build();
    assertEquals(0, load().waiting());
    view = view.builder().put(one.deleted(true)).build();
    assertEquals(100, load().waiting(), "what comes late ends");
  }

  @Test
  void a_limited_queue_asks_for_no_more_than_its_limit() {
    view = limited(Optional.empty(), Optional.of(10.0));
    is(SHOP.topic(), 0, 0, 0, 0);
    is(MAIL, 0, 0, 0, 0);
    look();
    is(SHOP.topic(), 0, 5_000, 0, 5_000);
    is(MAIL, 0, 50, 0, 5_000);
    Load load = load();
    assertEquals(0, load.waiting());
    assertEquals(0, load.arrivals());
    assertEquals(10, load.drained());
    assertEquals(
        List.of(new LimitedQueue(new QueueName("shop", "mail"), 4_950, 10, "10/s")),
        load.limited());
    assertFalse(load.isIdle());
  }

  @Test
  void a_limit_of_handlers_at_once_holds_up_only_while_all_of_them_run() {
    view = limited(Optional.of(4), Optional.empty());
    is(MAIL, 0, 0, 2, 100);
    look();
    assertEquals(98, load().waiting());
    is(MAIL, 0, 10, 4, 100);
    Load load = load();
    assertEquals(0, load.waiting());
    assertEquals(
        List.of(
            new LimitedQueue(
                new QueueName("shop", "mail"), 86, Math.min(2, 86.0 / 60), "concurrency 4")),
        load.limited());
  }

  private ControlView limited(Optional<Integer> handlers, Optional<Double> rate) {
    return view.builder()
        .put(new Limit("shop", 1, "mail", handlers, rate, Optional.empty()))
        .build();
  }

  @Test
  void attempts_that_are_repeated_later_keep_a_worker_and_those_of_now_count() {
    is("a.retry", 0, 0, 0, 0);
    is("a.retry", 1, 0, 0, 3);
    look();
    Load load = load();
    assertEquals(0, load.waiting());
    assertTrue(load.later());
    is("a.retry", 0, 0, 0, 5);
    assertEquals(5, load().waiting());
  }

  @Test
  void partitions_and_canvases_that_are_new_count_from_their_start() {
    is(SHOP.topic(), 0, 0, 0, 0);
    look();
    is(SHOP.topic(), 1, 0, 0, 30);
    Load load = load();
    assertEquals(30, load.waiting());
    assertEquals(6, load.arrivals());
    assertEquals(0, load.drained());
  }
}
