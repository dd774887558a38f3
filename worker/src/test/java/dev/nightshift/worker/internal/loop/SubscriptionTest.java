package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Lane;
import dev.nightshift.common.TopicPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
  private static final TopicPlan PLAN = TopicPlan.standard();
  private static final String EVENTS = PLAN.events("shop", 1);
  private static final String MAIL = PLAN.lane("shop", 1, "mail");
  private static final long LOOKS_AGAIN = Subscription.LANES_LOOKED_AT_EVERY.toNanos();

  private final List<Set<String>> subscribed = new ArrayList<>();
  private final Set<String> handled = new HashSet<>();
  private final Set<String> announced = new HashSet<>();
  private final List<String> told = new ArrayList<>();
  private final Subscription subscription =
      new Subscription(
          PLAN,
          topics -> {
            subscribed.add(Set.copyOf(topics));
            told.add("subscribed");
          },
          (canvas, queue) -> handled.contains(queue),
          (canvas, queue) -> announced.contains(queue),
          () -> told.add("new view"));

  private static ControlView shop(boolean deleted) {
    return ControlView.EMPTY
        .builder()
        .put(new Canvas("shop", 1, EVENTS, PLAN.workersGroup(), deleted))
        .put(new Lane("shop", 1, "mail", MAIL, 6))
        .build();
  }

  @Test
  void canvases_lanes_and_retries_are_read_and_subscribed_to_once() {
    subscription.follow(shop(false), 0);
    subscription.follow(shop(false), LOOKS_AGAIN);
    assertEquals(List.of(Set.of(EVENTS, MAIL, PLAN.retry())), subscribed);
    assertEquals(List.of("new view", "subscribed"), told);
  }

  @Test
  void a_lane_is_left_to_those_who_have_its_handler_and_read_when_they_are_gone() {
    announced.add("mail");
    subscription.follow(shop(false), 0);
    assertEquals(Set.of(EVENTS, PLAN.retry()), subscribed.getLast());

    announced.clear();
    subscription.follow(shop(false), LOOKS_AGAIN - 1);
    assertEquals(1, subscribed.size(), "it was looked at a moment ago");
    subscription.follow(shop(false), LOOKS_AGAIN);
    assertEquals(Set.of(EVENTS, MAIL, PLAN.retry()), subscribed.getLast());
    assertEquals(List.of("new view", "subscribed", "subscribed"), told);
  }

  @Test
  void a_lane_whose_handler_is_here_is_read_whoever_else_has_it() {
    handled.add("mail");
    announced.add("mail");
    subscription.follow(shop(false), 0);
    assertEquals(Set.of(EVENTS, MAIL, PLAN.retry()), subscribed.getLast());
  }

  @Test
  void the_lanes_of_a_deleted_canvas_are_read_by_all_as_their_events_only_end() {
    announced.add("mail");
    subscription.follow(shop(false), 0);
    ControlView deleted =
        shop(false).builder().put(shop(true).canvas("shop").orElseThrow()).build();
    subscription.follow(deleted, 1);
    assertEquals(Set.of(EVENTS, MAIL, PLAN.retry()), subscribed.getLast());
    assertEquals(List.of("new view", "subscribed", "new view", "subscribed"), told);
  }
}
