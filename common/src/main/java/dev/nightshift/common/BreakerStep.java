package dev.nightshift.common;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a queue's breaker does about an event that killed its process, or that did not: the rule,
/// as a function of the control log. Pure, immutable.
///
/// | the queue | an event killed its process | an event ended, however |
/// |---|---|---|
/// | runs | counted; blocked if that makes enough of them | nothing |
/// | is blocked, by a breaker or a human | counted | nothing |
/// | is tried after a breaker's block | blocked again, for twice as long | runs again; what was counted is forgotten |
///
/// @param counted to be noted, if it counts and was not before
/// @param forgotten events that count no more
/// @param block to be set
/// @param lifted blocks to be lifted, which were over
public record BreakerStep(
    Optional<Killer> counted, List<Killer> forgotten, Optional<Flag> block, List<Flag> lifted) {
  /// Who blocks.
  static final String ACTOR = "nightshift";

  private static final int NAMED_MAX = 3;
  private static final BreakerStep NOTHING =
      new BreakerStep(Optional.empty(), List.of(), Optional.empty(), List.of());

  /// An event killed its process. The same loss may be found twice: that changes nothing more.
  ///
  /// @param now not before it was found
  public static BreakerStep killed(ControlView view, Killer killer, Instant now) {
    Optional<Canvas> known =
        view.canvas(killer.canvas(), killer.generation()).filter(canvas -> !canvas.deleted());
    if (known.isEmpty() || !view.breakers().of(known.get(), killer.queue()).on()) {
      return NOTHING;
    }
    Canvas canvas = known.get();
    Breaker breaker = view.breakers().of(canvas, killer.queue());
    List<Killer> all = view.breakers().killers(canvas, killer.queue());
    Optional<Killer> before = all.stream().filter(killer::isSameLoss).findFirst();
    List<Killer> recent = new ArrayList<>(all);
    recent.removeIf(each -> each.eventId().equals(killer.eventId()));
    recent.add(before.orElse(killer));
    recent.removeIf(each -> each.at().isBefore(now.minus(breaker.within())));
    recent.sort(Comparator.comparing(Killer::at).thenComparing(Killer::eventId));
    return new BreakerStep(
            before.isPresent() ? Optional.empty() : Optional.of(killer),
            outdated(view, now),
            block(view, breaker, recent, before.orElse(killer), now),
            List.of())
        .lifting(view, canvas, killer.queue());
  }

  private static List<Killer> outdated(ControlView view, Instant now) {
    return view.breakers().killers().stream()
        .filter(each -> each.at().isBefore(now.minus(Breaker.WITHIN_MAX)))
        .toList();
  }

  private BreakerStep lifting(ControlView view, Canvas canvas, String queue) {
    return block.isEmpty()
        ? this
        : new BreakerStep(counted, forgotten, block, view.breakers().trips(canvas, queue));
  }

  private static Optional<Flag> block(
      ControlView view, Breaker breaker, List<Killer> recent, Killer killer, Instant now) {
    Scope scope = Scope.queue(breaker.canvas(), breaker.queue());
    if (!view.flags().exactly(FlagKind.BLOCK, scope, breaker.generation(), now).isEmpty()) {
      return Optional.empty();
    }
    Optional<Flag> former =
        view.canvas(breaker.canvas(), breaker.generation())
            .flatMap(canvas -> view.breakers().trip(canvas, breaker.queue()));
    // What led to that block, or was counted while it stood, may be found again.
    boolean trips =
        former
            .flatMap(Flag::until)
            .map(until -> killer.at().isAfter(until))
            .orElse(recent.size() >= breaker.events());
    if (!trips) {
      return Optional.empty();
    }
    Instant setAt = now.truncatedTo(ChronoUnit.MICROS);
    return Optional.of(
        new Flag(
            Breaker.flagId(killer),
            FlagKind.BLOCK,
            scope,
            breaker.generation(),
            ACTOR,
            former.isPresent() ? again(killer) : reason(recent, breaker),
            setAt,
            Optional.of(setAt.plus(breaker.blockAfter(former)))));
  }

  private static String reason(List<Killer> killers, Breaker breaker) {
    String names =
        killers.stream().limit(NAMED_MAX).map(Killer::eventId).collect(Collectors.joining(", "));
    int more = killers.size() - NAMED_MAX;
    return killers.size()
        + (killers.size() == 1 ? " event" : " different events")
        + " killed the process within "
        + Durations.text(breaker.within())
        + ": "
        + names
        + (more > 0 ? " and " + more + " more" : "")
        + "; then one is tried";
  }

  private static String again(Killer killer) {
    return "event "
        + killer.eventId()
        + ", tried after the last block, killed the process; then the next is tried";
  }

  /// An event of a queue that is tried ended, and its process lives.
  public static BreakerStep survived(ControlView view, Canvas canvas, String queue, Instant now) {
    List<Flag> trips = view.breakers().trips(canvas, queue);
    if (trips.isEmpty() || trips.stream().anyMatch(flag -> flag.counts(now))) {
      return NOTHING;
    }
    return new BreakerStep(
        Optional.empty(), view.breakers().killers(canvas, queue), Optional.empty(), trips);
  }

  /// The view once this is done.
  public ControlView after(ControlView view) {
    ControlViewBuilder next = view.builder();
    counted.ifPresent(next::put);
    block.ifPresent(next::put);
    lifted.forEach(flag -> next.remove(flag.key()));
    forgotten.forEach(each -> next.remove(each.key()));
    return next.build();
  }
}
