package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.internal.log.CrashError;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.MemoryCluster;
import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Finished;
import dev.nightshift.worker.internal.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One simulated worker's handlers, in virtual time. What a handler does is told by its event's id
/// ([SimEvent]).
final class SimAttempts implements Attempts {
  private final String worker;
  private final MemoryCluster cluster;
  private final SimClock clock;
  private final SimPromises promises;
  private final List<Run> runs = new ArrayList<>();
  private final Set<AttemptKey> interrupted = new HashSet<>();

  private record Run(AttemptSpec spec, Instant ends) {}

  SimAttempts(String worker, MemoryCluster cluster, SimClock clock, SimPromises promises) {
    this.worker = worker;
    this.cluster = cluster;
    this.clock = clock;
    this.promises = promises;
  }

  /// Ends what is due.
  void step(Mailbox mailbox) {
    for (Run run : List.copyOf(runs)) {
      boolean cut = interrupted.contains(run.spec().key());
      if (!cut && clock.instant().isBefore(run.ends())) {
        continue;
      }
      Optional<Finished> finished = cut ? Optional.of(handedBack(run)) : finish(run.spec());
      if (finished.isPresent()) {
        runs.remove(run);
        interrupted.remove(run.spec().key());
        mailbox.post(new Message.AttemptEnded(finished.get()));
      }
    }
  }

  // Empty if the trace was not acknowledged; it is sent again.
  private Optional<Finished> finish(AttemptSpec spec) {
    SimEvent event = SimEvent.of(spec.event().id());
    Outcome outcome = event.fails() ? Outcome.ERRORED : Outcome.COMPLETED;
    var trace = SimEvent.trace(spec.event(), spec.canvas().name(), outcome);
    if (outcome == Outcome.COMPLETED && event.child().isPresent()) {
      return Optional.of(new Finished(spec.key(), outcome, List.of(event.child().get(), trace)));
    }
    boolean stored = cluster.produce(trace) instanceof WriteResult.Written;
    return stored ? Optional.of(new Finished(spec.key(), outcome, List.of())) : Optional.empty();
  }

  private static Finished handedBack(Run run) {
    return new Finished(run.spec().key(), Outcome.ERRORED, List.of());
  }

  @Override
  public boolean handles(String canvas, String queue) {
    return !queue.equals("nobody");
  }

  @Override
  public Optional<Duration> timeLimit(String canvas, String queue) {
    return Optional.empty();
  }

  @Override
  public void start(AttemptSpec spec) {
    promises.started(worker, spec);
    SimEvent event = SimEvent.of(spec.event().id());
    if (event.kills()) {
      throw new CrashError(worker, "in the handler of " + spec.event().id());
    }
    runs.add(new Run(spec, clock.instant().plus(event.takes())));
  }

  @Override
  public void interrupt(AttemptKey key, Interruption why) {
    for (Run run : runs) {
      if (run.spec().key().equals(key)) {
        interrupted.add(key);
        promises.givenUp(run.spec());
      }
    }
  }

  @Override
  public void drain() {
    // Simulated handlers do not look.
  }

  @Override
  public void close() {
    runs.clear();
  }
}
