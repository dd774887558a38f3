package dev.nightshift.worker.internal.loop;

import static dev.nightshift.worker.internal.loop.SimPromises.check;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Outcome;
import dev.nightshift.worker.internal.log.CrashError;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One simulated worker's handlers, in virtual time. What a handler does is told by its event's id
/// ([SimEvent]).
final class SimAttempts implements Attempts {
  // What was claimed when its canvas was deleted may still start, as soon as its claim is written:
  // a dead member holds that up until its session is over.
  private static final Duration STARTS_OF_DELETED = Duration.ofSeconds(8);

  // How long a handler has to end when it was interrupted.
  private static final Duration REPORTED_AFTER = Duration.ofSeconds(10);

  private static final Duration BEGINS_LATE = Duration.ofMillis(70);

  private final SimWorld world;
  private final SimWorker worker;
  private final boolean handlesSome;
  private final List<Run> runs = new ArrayList<>();
  private final Set<String> reported = new HashSet<>();
  // Attempts that have ended whose handlers' ends the loop hears of in the next step.
  private final List<AttemptKey> told = new ArrayList<>();
  private boolean draining;

  private static final class Run {
    final AttemptSpec spec;
    final SimEvent event;
    final Instant began;
    @Nullable Interruption interruption;
    Instant interruptedAt = Instant.MAX;
    // When its thread gets to run, and whether it has.
    final Instant begins;
    boolean begun;
    // Whether the handler has ended; its trace is being stored.
    boolean ending;

    Run(AttemptSpec spec, Instant began) {
      this.spec = spec;
      this.event = SimEvent.of(spec.event().id());
      this.began = began;
      // The processors are busy with others sometimes.
      boolean late = spec.event().id().hashCode() % 3 == 0;
      this.begins = late ? began.plus(BEGINS_LATE) : began;
    }

    boolean beginsAtOnce() {
      return begins.equals(began);
    }

    // The trace of every other event that emits nothing takes some time.
    boolean endsSlowly() {
      return interruption != Interruption.HAND_BACK
          && event.childCanvas().isEmpty()
          && spec.event().id().hashCode() % 2 == 0;
    }

    // The trace is stored before the loop is told that the handler has ended, by another thread.
    boolean tellsLate() {
      return !ending
          && interruption != Interruption.HAND_BACK
          && event.childCanvas().isEmpty()
          && spec.event().id().hashCode() % 5 == 0;
    }

    boolean ended(Instant now) {
      return ending || ran(now) || (interruption != null && !event.stubborn());
    }

    boolean ran(Instant now) {
      return !now.isBefore(begins.plus(event.takes()));
    }
  }

  /// @param handlesSome whether it is one of the workers that have that queue's handler
  SimAttempts(SimWorld world, SimWorker worker, boolean handlesSome) {
    this.world = world;
    this.worker = worker;
    this.handlesSome = handlesSome;
  }

  /// Ends what is due.
  void step(Mailbox mailbox) {
    told.forEach(mailbox::handlerEnded);
    told.clear();
    for (Run run : List.copyOf(runs)) {
      if (!begins(run, mailbox) || !run.ended(world.clock.instant())) {
        continue;
      }
      if (run.endsSlowly() && !run.ending) {
        run.ending = true;
        mailbox.handlerEnded(run.spec.key());
        continue;
      }
      finish(run)
          .ifPresent(finished -> {
            runs.remove(run);
            mailbox.attemptEnded(finished);
            if (run.tellsLate()) {
              told.add(run.spec.key());
            }
          });
    }
  }

  // Whether its handler has begun, or never will.
  private boolean begins(Run run, Mailbox mailbox) {
    if (run.begun || world.clock.instant().isBefore(run.begins)) {
      return run.begun;
    }
    if (run.interruption == Interruption.HAND_BACK) {
      run.begun = true;
    } else if (isStopped(run.spec)) {
      runs.remove(run);
      world.promises.notBegun(run.spec);
      mailbox.notBegun(run.spec.key());
    } else {
      begins(run);
    }
    return run.begun;
  }

  private void begins(Run run) {
    String id = run.spec.event().id();
    if (run.event.kind() == SimEvent.Kind.KILLER) {
      throw new CrashError(worker.id(), "in the handler of " + id);
    }
    if (run.event.kind() == SimEvent.Kind.POISON
        && world.clock.instant().isBefore(world.poisonUntil)) {
      throw new CrashError(worker.id(), "in the poisoned handler of " + id);
    }
    run.begun = true;
  }

  private boolean isStopped(AttemptSpec spec) {
    return worker
        .control()
        .view()
        .flags()
        .stops(spec.canvas(), spec.event().queue(), world.clock.instant());
  }

  // Empty if the trace was not acknowledged; it is sent again.
  private Optional<Finished> finish(Run run) {
    AttemptKey key = run.spec.key();
    if (run.interruption == Interruption.HAND_BACK) {
      return Optional.of(new Finished(key, Outcome.LOST, List.of()));
    }
    Outcome outcome = Outcome.COMPLETED;
    if (run.interruption == Interruption.TIME_LIMIT) {
      outcome = Outcome.TIMED_OUT;
    } else if (run.event.fails()) {
      outcome = Outcome.ERRORED;
    }
    var trace = SimEvent.trace(run.spec.event(), outcome);
    if (outcome == Outcome.COMPLETED && run.event.childCanvas().isPresent()) {
      Canvas target = worker.control().view().canvas(run.event.childCanvas().get()).orElseThrow();
      return Optional.of(new Finished(key, outcome, List.of(run.event.childRecord(target), trace)));
    }
    boolean stored = world.cluster.produce(trace) instanceof WriteResult.Written;
    return stored ? Optional.of(new Finished(key, outcome, List.of())) : Optional.empty();
  }

  @Override
  public boolean handles(String canvas, String queue) {
    return switch (queue) {
      case SimEvent.QUEUE_OF_NOBODY -> false;
      case SimEvent.QUEUE_OF_SOME -> handlesSome;
      default -> true;
    };
  }

  @Override
  public Optional<Duration> timeLimit(String canvas, String queue) {
    return queue.equals(SimEvent.QUEUE_LIMITED)
        ? Optional.of(SimEvent.TIME_LIMIT)
        : Optional.empty();
  }

  @Override
  public Running start(AttemptSpec spec) {
    world.promises.started(worker.id(), spec);
    checkMayStart(spec);
    Run added = new Run(spec, world.clock.instant());
    if (added.beginsAtOnce()) {
      begins(added);
    }
    runs.add(added);
    int slots = worker.slots();
    long running = runs.stream().filter(run -> !run.ending).count();
    check(running <= slots, worker.id() + " runs " + running + " of " + slots);
    return why -> interrupt(added, why);
  }

  private void checkMayStart(AttemptSpec spec) {
    String what = spec.event().id() + " at " + worker.id();
    check(
        !worker.log().revoking().contains(spec.key().partition()), what + " starts while it goes");
    check(!draining, what + " starts though its worker drains");
    check(handles(spec.canvas().name(), spec.event().queue()), what + " starts without a handler");
    Instant due = spec.event().notBefore().orElse(Instant.MIN);
    check(!world.clock.instant().isBefore(due), what + " starts before " + due);
    check(!isStopped(spec), what + " starts though its worker knows that its queue is stopped");
    Duration goneFor = worker.control().goneFor(spec.canvas());
    check(
        world.plan.rough() || goneFor.compareTo(STARTS_OF_DELETED) < 0,
        what + " starts though its worker knows that " + spec.canvas() + " is gone");
    boolean peace = world.plan.kind() == SimPlan.Kind.GENTLE;
    check(!peace || spec.event().suspicion() == 0, what + " is suspected though nothing died");
    checkTried(spec, what);
    int kind = Math.min(spec.event().suspicion(), 3);
    if (kind > 0) {
      List<Integer> others = company();
      check(
          others.stream().allMatch(other -> other == kind) && others.size() < company(kind),
          what + " of suspicion " + kind + " starts in the company of " + others);
    }
  }

  // Of a queue that its breaker has blocked one event runs at once, when the block is over.
  private void checkTried(AttemptSpec spec, String what) {
    ControlView view = worker.control().view();
    boolean tried = view.breakers().trip(spec.canvas(), spec.event().queue()).isPresent();
    if (tried && SimEvent.of(spec.event().id()).kind() != SimEvent.Kind.FULL) {
      TopicPartition partition = spec.key().partition();
      check(
          SimEvent.TOPICS.isLane(partition.topic()) && partition.partition() == 0,
          what + " is tried in " + partition);
      // What was claimed in others before the block may still run.
      long claims = world.promises.claims(partition);
      check(claims == 1, what + " is tried while " + claims + " are claimed");
      world.promises.tried();
    }
  }

  // The suspicions of what runs and is suspected. What has run for long is no company any more; it
  // was claimed a little before it started.
  private List<Integer> company() {
    Instant since = world.clock.instant().minus(Suspects.PATIENCE.dividedBy(2));
    return runs.stream()
        .filter(run -> run.began.isAfter(since) && run.spec.event().suspicion() > 0)
        .map(run -> Math.min(run.spec.event().suspicion(), 3))
        .toList();
  }

  private static int company(int suspicion) {
    return suspicion == 1 ? 1_000 : suspicion == 2 ? 32 : 1;
  }

  private void interrupt(Run run, Interruption why) {
    boolean late = why == Interruption.TIME_LIMIT && run.ran(world.clock.instant());
    if (!runs.contains(run) || run.interruption == Interruption.HAND_BACK || late) {
      return;
    }
    if (!run.ending) {
      run.interruption = why;
      run.interruptedAt = world.clock.instant();
    }
    boolean revoked = worker.log().revoking().contains(run.spec.key().partition());
    if (why == Interruption.HAND_BACK && revoked) {
      world.promises.givenUp(run.spec);
    }
  }

  /// The loop says that an attempt does not care for its interruption.
  void reported(String id) {
    reported.add(id);
  }

  /// What the loop must interrupt, or report, by the end of its next turn.
  List<Runnable> expected() {
    Instant now = world.clock.instant();
    List<Runnable> checks = new ArrayList<>();
    for (Run run : runs) {
      String id = run.spec.event().id();
      boolean limited = timeLimit("", run.spec.event().queue()).isPresent();
      if (limited && now.isAfter(run.began.plus(SimEvent.TIME_LIMIT))) {
        checks.add(
            () -> check(run.interruption != null || run.ran(now), id + " is not interrupted"));
      }
      boolean ignores = run.interruption == Interruption.TIME_LIMIT && !run.ending;
      if (ignores && !now.isBefore(run.interruptedAt.plus(REPORTED_AFTER))) {
        checks.add(() ->
            check(
                reported.contains(id) || run.interruption == Interruption.HAND_BACK,
                id + " ignores its interrupt and is not reported"));
      }
    }
    return checks;
  }

  @Override
  public void drain() {
    draining = true;
  }
}
