package dev.nightshift.worker.internal.run;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// One attempt, from the start of its thread to its one [Finished], or to nothing if its queue was
/// stopped meanwhile. Runs on a virtual thread of its own; the loop's thread interrupts it.
///
/// | interrupted | the handler | outcome | trace | children |
/// |---|---|---|---|---|
/// | not | returned | completed | yes* | with the completion |
/// | not | threw | errored | yes* | dropped |
/// | time limit | whatever | timed_out | yes* | dropped |
/// | hand-back | whatever | lost, and nobody looks | no: it runs again | dropped |
///
/// * unless it is not wanted, see [RunSetup#traces], and there are no children that it goes with.
final class Attempt implements Runnable, Attempts.Running {
  private final Surroundings with;
  private final AttemptSpec spec;
  private final LoadedHandler handler;
  private final Runnable onEnd;
  private final Thread thread;

  /// Written with this object's monitor only.
  private volatile @Nullable Interruption interruption;

  /// Guarded by this object's monitor.
  private boolean ended;

  /// Whether the attempt's end is posted, or will be by the store of traces, which says so once. Of
  /// its own thread.
  private boolean told;

  /// @param onEnd called when the handler's code has ended, before the attempt's end is posted
  Attempt(Surroundings with, AttemptSpec spec, LoadedHandler handler, Runnable onEnd) {
    this.with = with;
    this.spec = spec;
    this.handler = handler;
    this.onEnd = onEnd;
    this.thread = handler.threads().newThread(this);
  }

  void start() {
    thread.start();
  }

  /// Interrupts the handler's thread, unless the handler has ended. A hand-back is never taken
  /// back.
  @Override
  public synchronized void interrupt(Interruption why) {
    if (!ended) {
      interruption = interruption == Interruption.HAND_BACK ? interruption : why;
      thread.interrupt();
    }
  }

  @Override
  public void run() {
    try {
      if (interruption == Interruption.HAND_BACK) {
        onEnd.run();
        post(Outcome.LOST, List.of());
      } else if (with.stops(spec)) {
        onEnd.run();
        with.notBegun(spec.key());
      } else {
        runHandler();
      }
    } catch (Throwable thrown) { // a mistake of our own, or no memory
      Ending.endProcessIfFatal(thrown, with.fatal());
      with.report(new WorkerEvent.TraceNotBuilt(spec.event().id(), thrown));
      post(Outcome.ERRORED, List.of());
    }
  }

  private void runHandler() {
    Instant startedAt = with.now();
    AttemptContext context = new AttemptContext(with, spec, handler, startedAt);
    Ending ending = call(context);
    @Nullable Interruption why = end(context);
    switch (why) {
      case null -> settle(ending, context, startedAt);
      case TIME_LIMIT -> settle(ending.afterTimeLimit(handler.timeLimit()), context, startedAt);
      case HAND_BACK -> post(Outcome.LOST, List.of());
    }
  }

  /// All of the handler's code runs in here, that of its codecs and exceptions too.
  private Ending call(AttemptContext context) {
    thread.setContextClassLoader(handler.home().loader());
    try {
      Object result = handler.handler().handle(new AttemptEvent(spec.event(), handler), context);
      return Ending.returned(result, handler.home().codecs(), with.fatal());
    } catch (Throwable thrown) {
      return Ending.threw(thrown, with.limits().trace(), with.fatal());
    }
  }

  /// From here on the thread is not interrupted any more, and does not look interrupted.
  private @Nullable Interruption end(AttemptContext context) {
    context.close();
    @Nullable Interruption why;
    synchronized (this) {
      ended = true;
      why = interruption;
      Thread.interrupted();
    }
    onEnd.run();
    return why;
  }

  /// Stores the trace, with the children where there are some, and posts the end. A trace that
  /// cannot be built or written is replaced by a minimal one, and that by none.
  private void settle(Ending ending, AttemptContext context, Instant startedAt) {
    Instant endedAt = with.now();
    boolean completed = ending.outcome() == Outcome.COMPLETED;
    List<ProducerRecord<byte[], byte[]>> children = completed ? context.childRecords() : List.of();
    if (children.isEmpty() && !with.keepsTrace(ending.outcome())) {
      post(ending.outcome(), List.of());
      return;
    }
    List<Supplier<Trace>> traces =
        List.of(
            () -> trace(ending, context, startedAt, endedAt),
            () -> with.traces().minimal(spec, ending.outcome(), startedAt, endedAt));
    for (Supplier<Trace> trace : traces) {
      try {
        store(ending.outcome(), children, trace.get());
        break;
      } catch (RuntimeException e) {
        with.report(new WorkerEvent.TraceNotBuilt(spec.event().id(), e));
      }
    }
    if (!told) {
      post(ending.outcome(), children);
    } else if (children.isEmpty()) {
      with.handlerEnded(spec.key());
    }
  }

  private Trace trace(Ending ending, AttemptContext context, Instant startedAt, Instant endedAt) {
    Trace trace = with.traces().of(spec.event(), spec.canvas().name());
    trace.setStartedAt(startedAt);
    trace.setEndedAt(endedAt);
    ending.into(trace, with.limits().trace());
    context.into(trace, endedAt);
    return trace;
  }

  private void store(Outcome outcome, List<ProducerRecord<byte[], byte[]>> children, Trace trace) {
    if (children.isEmpty()) {
      // By the time that the trace is stored, this attempt is out of the processor's caches: what
      // is
      // posted then is made now, and does not refer to it.
      Finished finished = new Finished(spec.key(), outcome, List.of());
      Surroundings loop = with;
      // Where traces pile up, sending one waits: so long the slot is kept.
      loop.traceStore().send(trace, () -> loop.post(finished));
      told = true;
    } else {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(children);
      records.add(with.traceStore().toRecord(trace));
      post(outcome, records);
    }
  }

  private void post(Outcome outcome, List<ProducerRecord<byte[], byte[]>> records) {
    if (!told) {
      told = true;
      with.post(new Finished(spec.key(), outcome, records));
    }
  }
}
