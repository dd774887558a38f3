package dev.nightshift.scheduler.internal.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.QueueName;
import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ScaleRuleTest {
  private static final ScaleBounds BOUNDS = new ScaleBounds(1, 8, Duration.ofSeconds(60));
  private static final Duration SAMPLE = Duration.ofSeconds(5);

  private final ScaleRule rule = new ScaleRule(Duration.ofSeconds(60));
  private ScaleState state = ScaleState.first(2, OptionalDouble.of(400), 0);
  private int sample;

  private String decide(ScaleBounds bounds, Load load) {
    ScaleRule.Verdict verdict = rule.decide(state, load, bounds);
    state = verdict.state();
    return state.wanted() + ": " + verdict.reason();
  }

  private String decide(Load load) {
    return decide(BOUNDS, load);
  }

  private Load load(long waiting, int oldest, double arrivals, double drained, Crew crew) {
    return load(waiting, oldest, arrivals, drained, 6, List.of(), crew);
  }

  private Load load(
      long waiting,
      int oldest,
      double arrivals,
      double drained,
      int partitions,
      List<LimitedQueue> limited,
      Crew crew) {
    return new Load(
        ++sample * SAMPLE.toNanos(),
        SAMPLE,
        waiting,
        Duration.ofSeconds(oldest),
        arrivals,
        drained,
        partitions,
        false,
        limited,
        crew);
  }

  private static Crew crew(int workers) {
    return new Crew(workers, workers * 100, workers * 100L, true);
  }

  @Test
  void as_many_are_wanted_as_are_done_within_the_target() {
    assertEquals(
        "4: 48,000 wait and 300/s arrive; 2 workers drain 800/s: 4 would be done within 1m",
        decide(load(48_000, 20, 300, 800, crew(2))));
    assertEquals(
        "4: 40,000 wait and 0/s arrive; 4 workers drain 1,600/s: 4 are enough",
        decide(load(40_000, 25, 0, 1_600, crew(4))));
  }

  @Test
  void no_more_are_wanted_than_are_allowed_or_than_partitions_have_something_to_run() {
    assertEquals(
        "6: 180,000 wait and 300/s arrive; 2 workers drain 800/s: 9 would be done within 1m, but"
            + " only 6 partitions have something to run",
        decide(load(180_000, 0, 300, 800, crew(2))));
    assertEquals(
        "8: 600,000 wait and 300/s arrive; 6 workers drain 2,400/s: 26 would be done within 1m,"
            + " but the maximum is 8",
        decide(load(600_000, 0, 300, 2_400, 40, List.of(), crew(6))));
    assertEquals(
        "8: 600,000 wait and 300/s arrive; 8 workers drain 3,200/s: 26 would be done within 1m,"
            + " but the maximum is 8",
        decide(load(600_000, 0, 300, 3_200, 40, List.of(), crew(8))));
  }

  @Test
  void what_is_about_to_start_is_no_backlog() {
    assertEquals(
        "2: 40 wait and 20/s arrive; 2 workers drain 20/s: what waits is about to start,"
            + " 2 are enough",
        decide(load(40, 0, 20, 20, new Crew(2, 200, 150, true))));
  }

  @Test
  void fewer_are_wanted_only_when_fewer_were_enough_for_a_whole_cool_down() {
    String soon =
        "2: nothing waits or arrives; 2 workers drain 0/s: 1 would be enough, and fewer are wanted"
            + " once that has been so for 1m";
    Crew idle = new Crew(2, 200, 0, true);
    for (int i = 1; i < 12; i++) {
      assertEquals(soon, decide(load(0, 0, 0, 0, 0, List.of(), idle)));
    }
    assertEquals(
        "1: nothing waits or arrives; 2 workers drain 0/s: 1 has been enough for 1m",
        decide(load(0, 0, 0, 0, 0, List.of(), idle)));
    assertEquals(
        "1: nothing waits or arrives; 1 worker drains 0/s: the minimum of 1 is enough",
        decide(load(0, 0, 0, 0, 0, List.of(), new Crew(1, 100, 0, true))));
  }

  @Test
  void while_workers_come_and_go_none_is_taken_for_slower() {
    decide(load(48_000, 20, 300, 0, new Crew(2, 200, 200, false)));
    assertEquals(OptionalDouble.of(400), state.perWorker());
    decide(load(48_000, 20, 300, 0, new Crew(2, 200, 200, true)));
    assertEquals(280, state.perWorker().orElseThrow(), 1);
  }

  @Test
  void workers_that_hold_what_runs_are_not_taken_away() {
    String held = "";
    for (int i = 0; i < 30; i++) {
      held = decide(load(0, 0, 0, 0, new Crew(2, 200, 130, true)));
    }
    assertEquals(
        "2: nothing waits or arrives; 2 workers drain 0/s: 2 are needed to hold the 130 that run",
        held);
  }

  @Test
  void what_waits_for_a_limit_asks_for_no_more_than_the_limit_gives() {
    LimitedQueue limited = new LimitedQueue(new QueueName("shop", "mail"), 90_000, 10, "10/s");
    assertEquals(
        "2: nothing waits or arrives; 2 workers drain 10/s: 1 would be enough, and fewer are wanted"
            + " once that has been so for 1m; 90,000 wait for the limit of shop/mail (10/s),"
            + " which more workers do not raise",
        decide(load(0, 0, 0, 10, 6, List.of(limited), new Crew(2, 200, 1, true))));
  }

  @Test
  void before_it_is_known_what_one_drains_the_number_is_doubled() {
    state = ScaleState.first(1, OptionalDouble.empty(), Duration.ofSeconds(-20).toNanos());
    assertEquals(
        "2: 50,000 wait and 10,000/s arrive; 1 worker drains 100/s: too little is known of what one"
            + " drains, 2 for now",
        decide(load(50_000, 0, 10_000, 100, new Crew(1, 100, 100, true))));
    assertEquals(
        "6: 49,500 wait and 0/s arrive; 1 worker drains 100/s: 9 would be done within 1m, but only 6"
            + " partitions have something to run",
        decide(load(49_500, 5, 0, 100, crew(1))));
  }

  @Test
  void who_has_not_started_yet_is_waited_for_before_more_are_wanted_on_a_guess() {
    state = ScaleState.first(1, OptionalDouble.empty(), Duration.ofSeconds(-20).toNanos());
    assertEquals(
        "1: 600 wait and 120/s arrive; no worker runs: too little is known of what one drains to want"
            + " more yet",
        decide(load(600, 0, 120, 0, new Crew(0, 0, 0, true))));
  }

  @Test
  void from_none_one_is_started_for_anything_that_waits_and_none_is_left_when_nothing_does() {
    ScaleBounds bounds = new ScaleBounds(0, 8, Duration.ofSeconds(60));
    state = ScaleState.first(0, OptionalDouble.empty(), 0);
    Crew nobody = new Crew(0, 0, 0, true);
    assertEquals(
        "0: nothing waits or arrives; no worker runs: the minimum of 0 is enough",
        decide(bounds, load(0, 0, 0, 0, 0, List.of(), nobody)));
    assertEquals(
        "1: 1 waits and 0.2/s arrive; no worker runs: what one drains is not known yet, 1 for now",
        decide(bounds, load(1, 0, 0.2, 0, 1, List.of(), nobody)));
    String said = "";
    for (int i = 0; i < 12; i++) {
      said = decide(bounds, load(0, 0, 0, 0, 0, List.of(), new Crew(1, 100, 0, true)));
    }
    assertEquals("0: nothing waits or arrives; 1 worker drains 0/s: none was needed for 1m", said);
  }

  @Test
  void new_bounds_count_at_once_and_are_the_reason() {
    ScaleBounds five = new ScaleBounds(5, 8, Duration.ofSeconds(60));
    Load idle = load(0, 0, 0, 0, 0, List.of(), new Crew(2, 200, 0, true));
    assertEquals(
        "5: nothing waits or arrives; 2 workers drain 0/s: the minimum is 5 now",
        decide(five, idle));
    assertEquals(
        "5: nothing waits or arrives; 2 workers drain 0/s: the minimum of 5 is enough",
        decide(five, idle));
    state = ScaleState.first(8, OptionalDouble.of(400), 0);
    assertEquals(
        "3: nothing waits and 900/s arrive; 8 workers drain 900/s: the maximum is 3 now",
        decide(new ScaleBounds(1, 3, Duration.ofSeconds(60)), load(0, 0, 900, 900, crew(8))));
  }

  @Test
  void why_that_is_enough_is_said_where_more_comes_than_ends() {
    state = ScaleState.first(1, OptionalDouble.of(20), 0);
    Crew one = new Crew(1, 100, 1, true);
    assertEquals(
        "1: 1 waits and 0.4/s arrive; 1 worker drains 0.2/s: what waits is about to start, the"
            + " minimum of 1 is enough",
        decide(load(1, 0, 0.4, 0.2, 1, List.of(), one)));
    assertEquals(
        "1: nothing waits and 0.4/s arrive; 1 worker drains 0.2/s: what arrives starts at once, the"
            + " minimum of 1 is enough",
        decide(load(0, 0, 0.4, 0.2, 1, List.of(), one)));
    assertEquals(
        "1: 200 wait and 30/s arrive; 1 worker drains 20/s: a worker that is busy drains 20/s and no"
            + " more than 0.4/s kept coming, the minimum of 1 is enough",
        decide(load(200, 5, 30, 20, 1, List.of(), one)));
    assertEquals(
        "1: nothing waits and less than 0.1/s arrive; 1 worker drains 0/s: what arrives starts at"
            + " once, the minimum of 1 is enough",
        decide(load(0, 0, 0.03, 0, 1, List.of(), one)));
  }

  @Test
  void a_little_more_than_they_do_is_not_worth_another() {
    state = ScaleState.first(10, OptionalDouble.of(100), 0);
    assertEquals(
        "10: 6,000 wait and 900/s arrive; 10 workers drain 1,000/s: 11 would be done within 1m, but"
            + " so little more is not worth another",
        decide(
            new ScaleBounds(1, 20, Duration.ofSeconds(60)),
            load(6_000, 5, 900, 1_000, 20, List.of(), crew(10))));
  }

  @Test
  void where_there_is_none_one_is_wanted_for_whatever_is_to_be_run() {
    ScaleBounds bounds = new ScaleBounds(0, 8, Duration.ofSeconds(60));
    Crew nobody = new Crew(0, 0, 0, true);
    LimitedQueue limited = new LimitedQueue(new QueueName("shop", "mail"), 1, 10, "10/s");
    assertEquals(
        "1: nothing waits or arrives; no worker runs: what is to be tried again soon wants one",
        decideFromNone(bounds, later(nobody)));
    assertEquals(
        "1: nothing waits or arrives; no worker runs: what was left behind by a worker that is gone"
            + " wants one",
        decideFromNone(bounds, load(0, 0, 0, 0, 1, List.of(), new Crew(0, 0, 3, true))));
    assertEquals(
        "1: nothing waits or arrives; no worker runs: what waits for a limit wants one; 1 waits"
            + " for the limit of shop/mail (10/s), which more workers do not raise",
        decideFromNone(bounds, load(0, 0, 0, 0, 1, List.of(limited), nobody)));
    assertEquals(
        "1: nothing waits and 0.2/s arrive; no worker runs: what comes wants one",
        decideFromNone(bounds, load(0, 0, 0.2, 0, 1, List.of(), nobody)));
  }

  private String decideFromNone(ScaleBounds bounds, Load load) {
    state = ScaleState.first(0, OptionalDouble.of(50), 0);
    return decide(bounds, load);
  }

  private Load later(Crew crew) {
    return new Load(
        ++sample * SAMPLE.toNanos(), SAMPLE, 0, Duration.ZERO, 0, 0, 0, true, List.of(), crew);
  }
}
