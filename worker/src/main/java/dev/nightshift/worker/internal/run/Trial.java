package dev.nightshift.worker.internal.run;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Durations;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// Runs one attempt and waits for its end, without a worker around it: only the wait for the time
/// limit is its own. Immutable.
///
/// @param canvases those that exist besides the handler's own
/// @param draining what the handler is told
public record Trial(Set<String> canvases, boolean draining) {
  private static final WorkerIdentity WORKER = new WorkerIdentity("trial", "localhost");

  /// Keeps a copy.
  public Trial {
    canvases = Set.copyOf(canvases);
  }

  /// @param children in the order in which they were emitted
  public record Ended(Trace trace, List<ProducerRecord<byte[], byte[]>> children) {}

  /// Runs it.
  ///
  /// @throws EventEnvelope.UndecodableException if the record is no event
  /// @throws IllegalStateException if it does not end in time
  public Ended run(LoadedHandler handler, ConsumerRecord<byte[], byte[]> record, Duration atMost) {
    MemoryTraceStore traces =
        new MemoryTraceStore("traces", AttemptLimits.STANDARD.trace().traceBytesMax());
    CompletableFuture<Finished> finished = new CompletableFuture<>();
    ControlView control = control(handler.canvas());
    Surroundings with = new Surroundings(setup(), () -> control, traces, finished::complete);
    if (draining) {
      with.drain();
    }
    Attempt attempt = new Attempt(with, spec(handler, record), handler, () -> {});
    attempt.start();
    if (handler.timeLimit().isPresent() && !ends(finished, handler.timeLimit().get())) {
      attempt.interrupt(Interruption.TIME_LIMIT);
    }
    if (!ends(finished, atMost)) {
      attempt.interrupt(Interruption.HAND_BACK);
      throw new IllegalStateException(
          "the handler of "
              + handler.name()
              + " has not ended within "
              + Durations.text(atMost)
              + (handler.timeLimit().isPresent()
                  ? " and ignores that its time limit is over"
                  : ""));
    }
    return ended(finished.join(), traces);
  }

  // An error of memory is the test's to see, not a reason to end the tests' JVM.
  private static RunSetup setup() {
    return new RunSetup(
        WORKER,
        TopicPlan.standard(),
        AttemptLimits.STANDARD,
        TraceLevel.ON,
        InstantSource.system(),
        event -> {},
        fatal -> {});
  }

  private ControlView control(String own) {
    ControlView view = ControlView.EMPTY.with(canvas(own));
    for (String other : canvases) {
      view = view.with(canvas(other));
    }
    return view;
  }

  private static Canvas canvas(String name) {
    TopicPlan plan = TopicPlan.standard();
    return new Canvas(name, 1, plan.events(name, 1), plan.workersGroup(), false);
  }

  private static AttemptSpec spec(LoadedHandler handler, ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    return new AttemptSpec(
        new AttemptKey(partition, 0, record.offset()),
        canvas(handler.canvas()),
        EventEnvelope.read(record, true));
  }

  private static boolean ends(CompletableFuture<Finished> finished, Duration within) {
    try {
      finished.get(within.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // Where there are children, the trace is the last of what is stored with them.
  private static Ended ended(Finished finished, MemoryTraceStore traces) {
    List<ProducerRecord<byte[], byte[]>> children = new ArrayList<>(finished.records());
    ProducerRecord<byte[], byte[]> trace =
        children.isEmpty() ? traces.stored().getFirst() : children.removeLast();
    return new Ended(RecordCodec.TRACES.decode(trace.value()), children);
  }
}
