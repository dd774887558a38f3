package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// How a simulated event may end, and what is left of it then.
///
/// @param kind what may happen to the fleet
/// @param ends what the topics say
record SimOutcomes(SimPlan.Kind kind, SimEvent event, SimEnds ends) {
  /// @param all how it ended, for messages
  void check(String all) {
    checkOutcomes(all);
    checkDead(all);
  }

  private void checkOutcomes(String all) {
    List<SimEnds.Trace> traces = ends.tracesOf(event.id());
    for (SimEnds.Trace trace : traces) {
      SimPromises.check(trace.lost() || may(trace), all + "may not: " + trace);
    }
    long completed = traces.stream().filter(t -> t.outcome().equals("completed")).count();
    boolean child = ends.stored().containsKey(event.id() + ".c");
    if (event.childCanvas().isPresent()) {
      SimPromises.check(
          completed == (child ? 1 : 0), all + (child ? "has a child" : "has no child"));
    }
  }

  private boolean may(SimEnds.Trace trace) {
    boolean nobody = event.queue().equals(SimEvent.QUEUE_OF_NOBODY);
    boolean runs = !nobody && !event.kind().undecodable();
    boolean killer = event.kind() == SimEvent.Kind.KILLER || event.kind() == SimEvent.Kind.POISON;
    boolean largeChild = event.kind() == SimEvent.Kind.LARGE_CHILD;
    return switch (trace.outcome()) {
      case "completed" ->
          runs
              && event.kind() != SimEvent.Kind.KILLER
              && !largeChild
              && !event.fails()
              && (kind == SimPlan.Kind.ROUGH || endsInTime());
      case "errored" -> runs && (event.fails() || largeChild || refusedChild());
      case "timed_out" -> event.timesOut();
      case "no_handler" -> nobody || event.queue().equals(SimEvent.QUEUE_OF_SOME);
      case "canvas_deleted" -> !event.kind().undecodable();
      case "undecodable" -> event.kind().undecodable();
      case "exhausted" ->
          event.kind() == SimEvent.Kind.FULL
              || (trace.attempt() == SimPromises.ATTEMPTS_MAX
                  && (killer || kind == SimPlan.Kind.GENTLE || kind == SimPlan.Kind.ROUGH));
      default -> false;
    };
  }

  // No broker takes its child, or not any more: the topic that it was emitted into may be gone.
  private boolean refusedChild() {
    return event.kind() == SimEvent.Kind.LARGE_CHILD
        || (!event.fails() && event.childCanvas().equals(Optional.of("c")));
  }

  // One that runs over its time limit by far cannot complete, where no worker freezes.
  private boolean endsInTime() {
    return !event.timesOut() || event.takes().compareTo(Duration.ofSeconds(4)) < 0;
  }

  // In dead is what was exhausted and what is no event, once each, with its payload if it fits.
  private void checkDead(String all) {
    List<ConsumerRecord<byte[], byte[]>> dead = ends.deadOf(event.id());
    long expected =
        ends.tracesOf(event.id()).stream()
            .filter(t ->
                t.outcome().equals("exhausted")
                    || t.outcome().equals("undecodable")
                    || (t.outcome().equals("errored") && refusedChild()))
            .count();
    if (event.kind() == SimEvent.Kind.UNDECODABLE_HEADERS) {
      SimPromises.check(dead.size() <= 1, all + "is dead " + dead.size() + " times");
      return;
    }
    SimPromises.check(dead.size() == expected, all + "is dead " + dead.size() + " times");
    if (!dead.isEmpty() && event.kind() != SimEvent.Kind.FULL) {
      byte[] emitted = ends.stored().getOrDefault(event.id(), List.of()).get(0).value();
      SimPromises.check(
          Arrays.equals(emitted, dead.get(0).value()), all + "is dead with another payload");
    }
  }
}
