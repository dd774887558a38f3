package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.common.record.Trace;
import dev.nightshift.handler.Codec;
import dev.nightshift.handler.Handler;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// A worker's handlers with everything around them in memory: one canvas `shop` with handlers on
/// this test's class path, a trace store, a mailbox, a clock that stands still.
final class AttemptsFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-24T01:02:03.000004Z");
  static final Canvas SHOP = new Canvas("shop", 2, "nightshift.events.shop.2", "workers", false);
  static final Canvas OTHER = new Canvas("other", 1, "nightshift.events.other", "workers", false);
  static final Canvas GONE = new Canvas("gone", 1, "nightshift.events.gone", "workers", true);

  final MemoryTraceStore traces = new MemoryTraceStore("nightshift.traces", 255 << 10);
  final BlockingQueue<Finished> mailbox = new LinkedBlockingQueue<>();
  final Queue<AttemptKey> handlersEnded = new ConcurrentLinkedQueue<>();
  final Queue<AttemptKey> notBegun = new ConcurrentLinkedQueue<>();
  final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
  final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
  final VirtualThreadAttempts attempts;
  private final Map<AttemptKey, Attempts.Running> running = new ConcurrentHashMap<>();
  private final AtomicLong offsets = new AtomicLong();
  private volatile Instant now = NOW;
  private volatile ControlView control = ControlView.EMPTY.with(SHOP).with(OTHER).with(GONE);

  private AttemptsFixture(LoadedHandler handler, AttemptLimits limits) {
    this(handler, limits, UnaryOperator.identity());
  }

  private AttemptsFixture(
      LoadedHandler handler, AttemptLimits limits, UnaryOperator<TraceStore> around) {
    this(handler, limits, TraceLevel.ON, around);
  }

  private AttemptsFixture(
      LoadedHandler handler,
      AttemptLimits limits,
      TraceLevel level,
      UnaryOperator<TraceStore> around) {
    RunSetup setup =
        new RunSetup(
            new WorkerIdentity("w1", "host1"),
            TopicPlan.standard(),
            limits,
            level,
            () -> now,
            events::add,
            fatal::add);
    attempts =
        new VirtualThreadAttempts(
            HandlerCatalog.of(List.of(handler)),
            around.apply(traces),
            () -> control,
            setup,
            ends());
  }

  private Attempts.Ends ends() {
    return new Attempts.Ends() {
      @Override
      public void handlerEnded(AttemptKey attempt) {
        handlersEnded.add(attempt);
      }

      @Override
      public void notBegun(AttemptKey attempt) {
        notBegun.add(attempt);
      }

      @Override
      public void attemptEnded(Finished finished) {
        mailbox.add(finished);
      }
    };
  }

  /// A worker with one handler, of queue `shop/new`.
  static AttemptsFixture of(Handler handler) {
    return of(handler, AttemptLimits.STANDARD);
  }

  static AttemptsFixture of(Handler handler, AttemptLimits limits) {
    return new AttemptsFixture(loaded(handler, Optional.empty(), List.of()), limits);
  }

  static AttemptsFixture of(Handler handler, Duration timeLimit) {
    return new AttemptsFixture(
        loaded(handler, Optional.of(timeLimit), List.of()), AttemptLimits.STANDARD);
  }

  static AttemptsFixture of(Handler handler, TraceLevel level) {
    return new AttemptsFixture(
        loaded(handler, Optional.empty(), List.of()),
        AttemptLimits.STANDARD,
        level,
        UnaryOperator.identity());
  }

  static AttemptsFixture of(Handler handler, Codec codec) {
    return new AttemptsFixture(
        loaded(handler, Optional.empty(), List.of(codec)), AttemptLimits.STANDARD);
  }

  /// With something around the trace store in memory.
  static AttemptsFixture of(Handler handler, UnaryOperator<TraceStore> around) {
    LoadedHandler loaded = loaded(handler, Optional.empty(), List.of());
    return new AttemptsFixture(loaded, AttemptLimits.STANDARD, around);
  }

  private static LoadedHandler loaded(
      Handler handler, Optional<Duration> timeLimit, List<Codec> codecs) {
    ClassLoader loader = AttemptsFixture.class.getClassLoader();
    HandlerHome home = new HandlerHome("test.jar", loader, new Codecs("test.jar", codecs));
    return new LoadedHandler("shop", "new", timeLimit, handler, home);
  }

  /// From now on the worker knows this of the control log.
  void control(UnaryOperator<ControlView> change) {
    control = change.apply(control);
  }

  /// Starts an attempt of an event with this payload.
  AttemptKey start(String payload) {
    return start(event(payload.getBytes(UTF_8)));
  }

  AttemptKey start(ConsumerRecord<byte[], byte[]> record) {
    AttemptKey key =
        new AttemptKey(new TopicPartition(record.topic(), record.partition()), 7, record.offset());
    running.put(key, attempts.start(new AttemptSpec(key, SHOP, EventEnvelope.read(record, true))));
    return key;
  }

  void interrupt(AttemptKey key, Interruption why) {
    Objects.requireNonNull(running.get(key)).interrupt(why);
  }

  /// An event record with the id `e-OFFSET`.
  ConsumerRecord<byte[], byte[]> event(byte[] payload) {
    long offset = offsets.getAndIncrement();
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(SHOP.topic(), 3, offset, null, payload);
    put(record, EventHeaders.ID, "e-" + offset);
    put(record, EventHeaders.TYPE, "new");
    put(record, EventHeaders.SOURCE, "till-4");
    put(record, EventHeaders.TIME, "2026-11-24T01:00:00Z");
    put(record, EventHeaders.ATTEMPT, "2");
    return record;
  }

  static void put(ConsumerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(UTF_8));
  }

  /// Waits for the end of an attempt.
  Finished finished() throws InterruptedException {
    Finished finished = mailbox.poll(20, TimeUnit.SECONDS);
    assertNotNull(finished, "no attempt ended");
    return finished;
  }

  /// Starts an attempt of an event with this payload and waits for its end.
  Finished run(String payload) throws InterruptedException {
    start(payload);
    return finished();
  }

  /// Runs an attempt whose handler emits nothing, for its trace.
  Trace traceOf(String payload) throws InterruptedException {
    run(payload);
    return lastTrace();
  }

  /// The trace that was stored last.
  Trace lastTrace() {
    return decode(traces.stored().getLast());
  }

  static Trace decode(ProducerRecord<byte[], byte[]> record) {
    return RecordCodec.TRACES.decode(record.value());
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public void close() {
    running.keySet().forEach(key -> interrupt(key, Interruption.HAND_BACK));
  }
}
