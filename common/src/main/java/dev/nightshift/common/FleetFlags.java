package dev.nightshift.common;

import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.record.FlagState;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Sets and lifts a fleet's flags. Safe for use by many threads. A flag is looked for and then set
/// or lifted: of those who do the same at once through this object one does it, and the others find
/// it done.
final class FleetFlags {
  private final TopicPlan plan;
  private final Supplier<ControlView> control;
  private final ControlWriter writer;
  private final InstantSource clock;

  /// @param control what the control log says at the moment of asking
  FleetFlags(
      TopicPlan plan, Supplier<ControlView> control, ControlWriter writer, InstantSource clock) {
    this.plan = plan;
    this.control = control;
    this.writer = writer;
    this.clock = clock;
  }

  /// See [Fleet#raise].
  synchronized FlagChange raise(FlagKind kind, Scope scope, Cause cause, Optional<Instant> until) {
    // As it will be read.
    Optional<Instant> end = until.map(exact -> exact.truncatedTo(ChronoUnit.MICROS));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    end.filter(given -> !given.isAfter(now)).ifPresent(given -> refuseEnd(given, now));
    Found found = find(kind, scope, now);
    if (found.flags().stream().anyMatch(flag -> flag.until().equals(end))) {
      return new FlagChange(false, found.flags(), found.flags());
    }
    Flag flag =
        new Flag(
            UUID.randomUUID().toString(),
            kind,
            scope,
            found.generation(),
            cause.actor(),
            cause.reason(),
            now,
            end);
    audit(kind == FlagKind.PAUSE ? "queue pause" : "queue block", found, List.of(flag), cause, now);
    write(flag, FlagState.SET, cause, now);
    found.lifted().forEach(old -> write(old, FlagState.LIFTED, cause, now));
    return new FlagChange(true, found.flags(), List.of(flag));
  }

  private static void refuseEnd(Instant end, Instant now) {
    throw new FleetException.InvalidValue(
        "until "
            + end
            + " is not allowed: it is "
            + now
            + " now by this machine's clock, give a later time or none");
  }

  /// See [Fleet#lift].
  synchronized FlagChange lift(FlagKind kind, Scope scope, Cause cause) {
    Instant now = clock.instant();
    Found found = find(kind, scope, now);
    if (found.lifted().isEmpty()) {
      return new FlagChange(false, List.of(), List.of());
    }
    audit(liftOf(kind), found, List.of(), cause, now);
    found.lifted().forEach(flag -> write(flag, FlagState.LIFTED, cause, now));
    found.killers().forEach(this::forget);
    return new FlagChange(true, found.flags(), List.of());
  }

  /// See [Fleet#liftEnded].
  synchronized List<Flag> liftEnded(Instant by, int most, Cause cause) {
    ControlView view = control.get();
    Flags flags = view.flags();
    List<Flag> ended = view.flagsEndedBy(by).stream().limit(most).toList();
    for (Flag flag : ended) {
      Instant now = clock.instant();
      List<Flag> counting =
          flags.exactly(flag.kind(), flag.scope(), flag.generation(), now).stream()
              .filter(other -> !other.id().equals(flag.id()))
              .toList();
      List<Flag> before = Stream.concat(Stream.of(flag), counting.stream()).toList();
      Found found = new Found(flag.scope(), flag.generation(), before, List.of(), List.of());
      audit(liftOf(flag.kind()), found, counting, cause, now);
      write(flag, FlagState.LIFTED, cause, now);
    }
    return ended;
  }

  /// See [Fleet#forgetLifted].
  synchronized void forgetLifted(Instant by, int most) {
    control.get().flagsLiftedBy(by).stream()
        .limit(most)
        // A breaker's block has the same id if its loss is found again: then it was set since.
        .filter(flag -> control.get().flagsLiftedBy(by).contains(flag))
        .forEach(flag ->
            writer.write(
                "take away the control record of a flag that was lifted",
                ControlRecords.tombstone(plan.control(), flag.key())));
  }

  private static String liftOf(FlagKind kind) {
    return kind == FlagKind.PAUSE ? "queue resume" : "queue unblock";
  }

  /// The flags of a kind on exactly a scope, and the generation of its canvas.
  ///
  /// @param spent a breaker's blocks that are over, whose queue is tried
  /// @param killers what the breaker has counted: who lifts a block begins anew
  private record Found(
      Scope scope, int generation, List<Flag> flags, List<Flag> spent, List<Killer> killers) {
    static Found of(ControlView view, Scope scope, Optional<Canvas> canvas, List<Flag> flags) {
      int generation = canvas.map(Canvas::generation).orElse(0);
      if (canvas.isEmpty() || scope.queue().isEmpty()) {
        return new Found(scope, generation, flags, List.of(), List.of());
      }
      String queue = scope.queue().get();
      List<Flag> spent = new ArrayList<>(view.breakers().trips(canvas.get(), queue));
      spent.removeAll(flags);
      return new Found(
          scope, generation, flags, spent, view.breakers().killers(canvas.get(), queue));
    }

    List<Flag> lifted() {
      return Stream.concat(flags.stream(), spent.stream()).toList();
    }
  }

  private Found find(FlagKind kind, Scope scope, Instant now) {
    ControlView view = control.get();
    Optional<Canvas> canvas = scope.canvas().map(name -> Fleet.known(view, name));
    int generation = canvas.map(Canvas::generation).orElse(0);
    List<Flag> flags = view.flags().exactly(kind, scope, generation, now);
    return kind == FlagKind.BLOCK
        ? Found.of(view, scope, canvas, flags)
        : new Found(scope, generation, flags, List.of(), List.of());
  }

  private void audit(String action, Found found, List<Flag> after, Cause cause, Instant now) {
    writer.audit(
        new AuditRecord(
            now,
            cause.actor(),
            action,
            found.scope().toString(),
            text(found.lifted()),
            text(after),
            cause.reason()));
  }

  private static String text(List<Flag> flags) {
    return flags.isEmpty()
        ? "none"
        : flags.stream().map(Flag::text).collect(Collectors.joining("; "));
  }

  private void forget(Killer killer) {
    writer.write(
        "forget an event that killed its process",
        ControlRecords.tombstone(plan.control(), killer.key()));
  }

  private void write(Flag flag, FlagState state, Cause cause, Instant now) {
    writer.write(
        "write the control record of a flag on " + flag.scope(),
        ControlRecords.of(plan.control(), flag, state, cause.actor(), now));
  }
}
