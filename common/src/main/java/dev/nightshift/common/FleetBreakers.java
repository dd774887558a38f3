package dev.nightshift.common;

import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.record.FlagState;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Sets the breakers of a fleet's queues, and does what [BreakerStep] says. Safe for use by many
/// threads and processes: whoever finds the same at once does the same.
public final class FleetBreakers {
  private static final String NONE = "none";

  private final TopicPlan plan;
  private final Supplier<ControlView> control;
  private final ControlWriter writer;
  private final InstantSource clock;

  /// @param control what the control log says at the moment of asking
  FleetBreakers(
      TopicPlan plan, Supplier<ControlView> control, ControlWriter writer, InstantSource clock) {
    this.plan = plan;
    this.control = control;
    this.writer = writer;
    this.clock = clock;
  }

  /// Sets a queue's breaker. A block that it has set stays until its end, or until it is lifted; if
  /// the queue is tried and the breaker switched off, it runs.
  ///
  /// @param wanted the queue's canvas must exist; its generation is not looked at
  /// @throws FleetException.UnknownCanvas if there is no such canvas
  public BreakerChange set(Breaker wanted, Cause cause) {
    Instant now = now();
    ControlView view = control.get();
    Canvas canvas = Fleet.known(view, wanted.canvas());
    Breaker before = view.breakers().of(canvas, wanted.queue());
    Breaker breaker =
        new Breaker(
            canvas.name(),
            canvas.generation(),
            wanted.queue(),
            wanted.on(),
            wanted.events(),
            wanted.within(),
            wanted.block());
    if (before.equals(breaker)) {
      return new BreakerChange(false, before, breaker);
    }
    String scope = Scope.queue(breaker.canvas(), breaker.queue()).toString();
    writer.audit(
        new AuditRecord(
            now,
            cause.actor(),
            "queue breaker",
            scope,
            before.text(),
            breaker.text(),
            cause.reason()));
    writer.write(
        "write the control record of the breaker of " + scope,
        ControlRecords.of(plan.control(), breaker, cause, now));
    // Should it be switched on again nothing is left to be tried.
    view.breakers().trips(canvas, wanted.queue()).stream()
        .filter(flag -> !breaker.on() && !flag.counts(now))
        .forEach(flag -> write(flag, FlagState.LIFTED, now));
    return new BreakerChange(true, before, breaker);
  }

  /// An event killed its process: it is counted, durably, and its queue blocked if that is enough.
  ///
  /// @return the block that was set, if one was
  public Optional<Flag> killed(Killer killer) {
    BreakerStep first = BreakerStep.killed(control.get(), killer, now());
    if (first.counted().isPresent()) {
      writer.write(
          "write the control record of an event that killed its process",
          ControlRecords.of(plan.control(), first.counted().get()));
    }
    // Others may have counted another one meanwhile: who reads last knows of all.
    Instant now = now();
    BreakerStep step = BreakerStep.killed(control.get(), killer, now);
    step.block()
        .ifPresent(block -> {
          audit("queue block", block.scope(), step.lifted(), List.of(block), block.reason(), now);
          write(block, FlagState.SET, now);
        });
    finish(step, now);
    return step.block();
  }

  /// An event of a queue that is tried ended, and its process lives: the queue runs again.
  ///
  /// @return whether that was changed by this call
  public boolean survived(Canvas canvas, String queue, String eventId) {
    Instant now = now();
    BreakerStep step = BreakerStep.survived(control.get(), canvas, queue, now);
    if (step.lifted().isEmpty()) {
      return false;
    }
    Scope scope = Scope.queue(canvas.name(), queue);
    String reason = "event " + eventId + ", tried after the block, killed no process";
    audit("queue unblock", scope, step.lifted(), List.of(), reason, now);
    finish(step, now);
    return true;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void finish(BreakerStep step, Instant now) {
    step.lifted().forEach(flag -> write(flag, FlagState.LIFTED, now));
    step.forgotten()
        .forEach(killer ->
            writer.write(
                "forget an event that killed its process",
                ControlRecords.tombstone(plan.control(), killer.key())));
  }

  private void audit(
      String action, Scope scope, List<Flag> before, List<Flag> after, String reason, Instant now) {
    writer.audit(
        new AuditRecord(
            now, BreakerStep.ACTOR, action, scope.toString(), text(before), text(after), reason));
  }

  private static String text(List<Flag> flags) {
    return flags.isEmpty()
        ? NONE
        : flags.stream().map(Flag::text).collect(Collectors.joining("; "));
  }

  private void write(Flag flag, FlagState state, Instant now) {
    writer.write(
        "write the control record of a flag on " + flag.scope(),
        ControlRecords.of(plan.control(), flag, state, BreakerStep.ACTOR, now));
  }
}
