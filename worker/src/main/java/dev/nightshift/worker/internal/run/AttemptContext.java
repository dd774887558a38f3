package dev.nightshift.worker.internal.run;

import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceStep;
import dev.nightshift.emitter.Due;
import dev.nightshift.handler.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// What one attempt's handler may do. The handler's threads call it, as many as it likes, until the
/// attempt closes it.
///
/// Its monitor guards the notes and the children. It is a monitor and no lock object because a
/// handler may run out of stack anywhere in here, which leaves monitors whole and locks not always.
/// No foreign code is called while it is held.
final class AttemptContext implements Context {
  /// How deep in steps the calling thread is.
  private static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();

  private final Surroundings with;
  private final AttemptSpec spec;
  private final LoadedHandler handler;
  private final Instant startedAt;
  private @Nullable TraceNotes notes;
  private @Nullable Children children;
  private volatile boolean closed;

  AttemptContext(Surroundings with, AttemptSpec spec, LoadedHandler handler, Instant startedAt) {
    this.with = with;
    this.spec = spec;
    this.handler = handler;
    this.startedAt = startedAt;
  }

  @Override
  public String emit(String canvas, String queue, @Nullable Object payload) {
    return emit(canvas, queue, payload, Optional.empty());
  }

  @Override
  public String emitAfter(Duration delay, String canvas, String queue, @Nullable Object payload) {
    return emit(canvas, queue, payload, Optional.of(new Due.After(delay)));
  }

  @Override
  public String emitAt(Instant due, String canvas, String queue, @Nullable Object payload) {
    return emit(canvas, queue, payload, Optional.of(new Due.At(due)));
  }

  private String emit(String canvas, String queue, @Nullable Object payload, Optional<Due> due) {
    requireOpen();
    Instant now = with.now();
    Child.Target target =
        new Child.Target(Children.target(with.control().get(), canvas, queue), queue, due);
    due.flatMap(when -> when.problem(now)).ifPresent(Children::refuse);
    Codecs codecs = handler.home().codecs();
    Content content =
        Content.of(payload, codecs).orElseThrow(() -> codecs.none(Objects.requireNonNull(payload)));
    Child child = Child.of(spec, with.topics(), target, content, now);
    synchronized (this) {
      requireOpen();
      if (children == null) {
        children = new Children(with.limits().children());
      }
      children.add(child);
    }
    return child.id();
  }

  @Override
  public void log(String line) {
    Instant now = with.now();
    String text = String.valueOf(line); // handlers are not checked for null
    synchronized (this) {
      requireOpen();
      notes().log(now, text);
    }
  }

  @Override
  public <T extends @Nullable Object> T step(String name, Callable<T> work) throws Exception {
    int depth = DEPTH.orElse(0);
    Optional<TraceStep> step = begin(String.valueOf(name), depth);
    try {
      T result = ScopedValue.where(DEPTH, depth + 1).call(work::call);
      end(step, Optional.empty());
      return result;
    } catch (Throwable thrown) {
      end(step, Optional.of(ErrorText.brief(thrown)));
      throw thrown;
    }
  }

  @Override
  public Optional<Instant> deadline() {
    requireOpen();
    return handler.timeLimit().map(startedAt::plus);
  }

  @Override
  public Optional<Duration> timeLeft() {
    Instant now = with.now();
    return deadline().map(end -> end.isAfter(now) ? Duration.between(now, end) : Duration.ZERO);
  }

  @Override
  public boolean draining() {
    requireOpen();
    return with.draining();
  }

  @Override
  public String canvas() {
    requireOpen();
    return handler.canvas();
  }

  /// Ends it: from here on each call throws. Safe to call twice.
  synchronized void close() {
    closed = true;
  }

  /// Once closed: completes the trace of an attempt, whose outcome it has already.
  synchronized void into(Trace trace, Instant endedAt) {
    if (notes != null) {
      notes.into(trace, endedAt);
    }
    if (children != null) {
      children.into(trace);
    }
  }

  /// Once closed: the children's records, in the order in which they were emitted.
  synchronized List<ProducerRecord<byte[], byte[]>> childRecords() {
    return children == null ? List.of() : children.records();
  }

  private Optional<TraceStep> begin(String name, int depth) {
    Instant now = with.now();
    synchronized (this) {
      requireOpen();
      return notes().begin(name, depth, now);
    }
  }

  private void end(Optional<TraceStep> step, Optional<String> error) {
    Instant now = with.now();
    synchronized (this) {
      if (step.isPresent() && !closed) {
        TraceNotes.end(step.get(), now, error);
      }
    }
  }

  private TraceNotes notes() {
    if (notes == null) {
      notes = new TraceNotes(with.limits().trace());
    }
    return notes;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the attempt of event "
              + spec.event().id()
              + " has ended: its context can only be used until its handler returns");
    }
  }
}
