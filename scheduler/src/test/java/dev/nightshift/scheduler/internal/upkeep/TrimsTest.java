package dev.nightshift.scheduler.internal.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Lane;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrimsTest {
  private static final TopicPlan PLAN = new TopicPlan("fleet.");
  private static final String GROUP = PLAN.workersGroup();

  @Test
  void what_is_read_of_each_canvas_until_it_is_gone_and_by_all_its_groups() {
    ControlView view =
        ControlView.EMPTY
            .builder()
            .put(new Canvas("shop", 1, "fleet.events.shop", GROUP, true))
            .put(new Canvas("shop", 2, "fleet.events.shop.2", GROUP, false))
            .put(new Canvas("old", 1, "fleet.events.old", GROUP, true).deleted(true))
            .put(new Canvas("one", 1, "shared", GROUP, false))
            .put(new Canvas("two", 1, "shared", "other.workers", false))
            .put(new Lane("shop", 2, "mail", "fleet.lane.shop.2.mail", 6))
            .put(new Lane("old", 1, "mail", "fleet.lane.old.1.mail", 6))
            .build();
    assertEquals(
        Map.of(
            "fleet.retry", Set.of(GROUP),
            "fleet.events.shop", Set.of(GROUP),
            "fleet.events.shop.2", Set.of(GROUP),
            "fleet.lane.shop.2.mail", Set.of(GROUP),
            "shared", Set.of(GROUP, "other.workers")),
        Trims.readers(PLAN, view));
  }

  @Test
  void a_refusal_is_told_of_once_until_it_is_over() {
    List<String> told = new ArrayList<>();
    Refusals refusals =
        new Refusals(event ->
            told.add(
                switch (event) {
                  case SchedulerEvent.TrimRefused is -> "refused " + is.topic();
                  case SchedulerEvent.TrimGoesOn is -> "goes on " + is.topic();
                  default -> event.toString();
                }));
    Set<String> all = Set.of("a", "b");
    for (int turn = 0; turn < 3; turn++) {
      refusals.refused("a", "no");
      refusals.taken("a"); // another partition of it
      refusals.refused("b", "no");
      refusals.tell(all);
    }
    assertEquals(List.of("refused a", "refused b"), told);
    refusals.taken("a");
    refusals.tell(all);
    assertEquals("goes on a", told.getLast());
    refusals.tell(Set.of("a"));
    assertEquals("goes on b", told.getLast(), "it is gone");
    refusals.refused("a", "no");
    refusals.tell(all);
    assertEquals("refused a", told.getLast());
    assertEquals(5, told.size());
  }
}
