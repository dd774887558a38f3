package dev.nightshift.scheduler.internal.partition;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.crons.CronDesk;
import dev.nightshift.scheduler.internal.timers.Act;
import dev.nightshift.scheduler.internal.timers.TimerBook;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/// The one thread that keeps the book of a partition of the delayed topic and, while the partition
/// is this scheduler's, fires what is due there and emits the ticks of the partition's crons.
/// Others speak to it through its [Inbox].
///
/// Nothing is fired from when the partition is given, or a transaction's end was not heard, until
/// the former writer was stopped and all that it wrote was read.
public final class PartitionThread implements AutoCloseable {
  /// With a transaction for each event a thousand a second would keep a broker busy; what is due
  /// within this time of the last one is written together. An event that is due alone waits for
  /// nothing.
  private static final Duration GATHER = Duration.ofMillis(30);

  /// A clock that is set forward is noticed within this time.
  private static final Duration WAIT_MAX = Duration.ofSeconds(1);

  private static final Duration WAIT_FOR_OTHERS = Duration.ofMillis(5);

  /// By then the group has told whose the partition is.
  private static final Duration FENCED_PAUSE = Duration.ofSeconds(4);

  private static final Duration END_MAX = Duration.ofSeconds(2);

  private enum State {
    /// The partition is another scheduler's.
    IDLE,
    /// Former writers are to be stopped.
    OPENING,
    /// What they wrote is being read.
    CATCHING_UP,
    /// What is due is fired.
    FIRING
  }

  /// What it works with.
  ///
  /// @param partition of the delayed topic
  /// @param partitions how many that topic has
  /// @param crons whose ticks belong to the partition
  /// @param end asks for the offset below which all stands that was written until now; throws
  ///   [KafkaException] or [FleetException]
  /// @param member how this scheduler is known to the group, if it is a member
  /// @param loadBytesMax how much of the log is asked for at once
  /// @param failed told if this thread ends for a reason that nobody foresaw
  public record Parts(
      int partition,
      int partitions,
      TimerBook book,
      CronDesk crons,
      LongSupplier end,
      Supplier<Optional<ConsumerGroupMetadata>> member,
      Consumer<Ask> payloads,
      long loadBytesMax,
      FollowedLog<ControlView> control,
      InstantSource clock,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {}

  private final Parts parts;
  private final TimerBook book;
  private final CronDesk crons;
  private final TimerWriter writer;
  private final DeletedCanvases deleted;
  private final Batches batches;
  private final Trouble trouble = new Trouble(System.nanoTime());
  private final Inbox inbox = new Inbox();
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);

  // Written by the thread, read by all.
  private volatile Pulse pulse =
      new Pulse(false, false, 0, OptionalLong.empty(), System.nanoTime());

  // The thread's own.
  private State state = State.IDLE;
  private boolean stopped;
  private long end;
  private long waitNanos;
  private long writtenAt = System.nanoTime() - GATHER.toNanos();
  private long request;
  private boolean asked;

  /// @param writer is closed by this thread
  PartitionThread(Parts parts, TimerWriter writer) {
    this.parts = parts;
    this.book = parts.book();
    this.crons = parts.crons();
    this.writer = writer;
    this.deleted = new DeletedCanvases(book, DeletedCanvases.Control.of(parts.control()));
    this.batches = new Batches(parts);
    this.thread = new Thread(this::run, "nightshift-timers-" + parts.partition());
    thread.setDaemon(true);
  }

  /// Starts one.
  ///
  /// @param client settings for all clients
  /// @param plan the fleet's topics
  /// @param name the scheduler's
  public static PartitionThread start(
      Parts parts, Map<String, Object> client, TopicPlan plan, String name) {
    PartitionThread started =
        new PartitionThread(
            parts, new TimerWriter(client, plan, name, parts.partition(), parts.partitions()));
    started.thread.start();
    return started;
  }

  /// Where it is spoken to.
  public Inbox inbox() {
    return inbox;
  }

  /// How it is.
  public Pulse pulse() {
    return pulse;
  }

  /// Ends the thread; waits for it a moment. What it was writing is left to the next owner.
  @Override
  public void close() {
    inbox.post(new Message.Stop());
    try {
      ended.await(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- the thread

  private void run() {
    try {
      while (!stopped) {
        inbox.take(waitNanos).forEach(this::handle);
        waitNanos = WAIT_MAX.toNanos();
        turn();
        pulse =
            new Pulse(
                state != State.IDLE,
                state == State.FIRING,
                book.size(),
                firstDueMicros(),
                System.nanoTime());
      }
    } catch (RuntimeException | Error e) {
      parts.failed().accept(e);
    } finally {
      writer.close();
      ended.countDown();
      inbox.take(0).forEach(PartitionThread::release);
    }
  }

  // Of whatever is this scheduler's to emit.
  private OptionalLong firstDueMicros() {
    return state == State.FIRING ? batches.firstDueMicros() : book.firstDueMicros();
  }

  private static void release(Message message) {
    if (message instanceof Message.Release(CountDownLatch released)) {
      released.countDown();
    }
  }

  private void handle(Message message) {
    switch (message) {
      case Message.Read(var records, long readTo) -> {
        long now = TimerBook.nowMicros(parts.clock().instant());
        records.forEach(record -> book.read(record, now));
        book.readTo(readTo);
      }
      case Message.Own() -> {
        book.own(true);
        state = State.OPENING;
        trouble.rest(Duration.ZERO, System.nanoTime());
      }
      case Message.Release release -> {
        giveUp();
        release(release);
      }
      case Message.Loaded loaded -> loaded(loaded);
      case Message.Answered(CronDesk.Question question, boolean running) ->
          crons.answered(question, running);
      case Message.ControlChanged() -> {
        // It was waited for; the views are looked at in each turn.
      }
      case Message.Stop() -> stopped = true;
    }
  }

  private void giveUp() {
    if (state != State.IDLE) {
      parts.events().accept(new SchedulerEvent.Released(parts.partition()));
    }
    writer.close();
    book.own(false);
    state = State.IDLE;
    batches.giveUp();
    deleted.forget();
    request++;
    asked = false;
  }

  private void loaded(Message.Loaded loaded) {
    if (loaded.request() == request) {
      loaded.records().forEach(book::loaded);
      loaded.missing().forEach(book::missing);
      asked = !loaded.over();
    }
  }

  private void turn() {
    long left = trouble.leftNanos(System.nanoTime());
    if (stopped || state == State.IDLE) {
      return;
    }
    if (left > 0) {
      waitAtMost(left);
      return;
    }
    if (state == State.OPENING) {
      open();
    }
    if (state == State.CATCHING_UP && book.readTo() >= end) {
      catchUpWithCrons();
    }
    load();
    if (state == State.FIRING) {
      endDeleted();
      fire();
    }
  }

  private void waitAtMost(long nanos) {
    waitNanos = Math.min(waitNanos, Math.max(0, nanos));
  }

  private void open() {
    try {
      writer.open();
      end = parts.end().getAsLong();
      crons.begin();
      state = State.CATCHING_UP;
    } catch (KafkaException | FleetException e) {
      failing(e);
    }
  }

  private void catchUpWithCrons() {
    if (crons.isReady()) {
      state = State.FIRING;
      parts.events().accept(new SchedulerEvent.Owned(parts.partition(), book.size()));
    } else {
      waitAtMost(WAIT_FOR_OTHERS.toNanos());
    }
  }

  private void load() {
    if (asked) {
      return;
    }
    long[] wanted = book.wanted(TimerBook.nowMicros(parts.clock().instant()));
    if (wanted.length > 0) {
      request++;
      asked = true;
      parts
          .payloads()
          .accept(new Ask(parts.partition(), request, wanted, parts.loadBytesMax(), inbox));
    }
  }

  private void endDeleted() {
    switch (deleted.step()) {
      case NONE -> {
        // All that waits has a canvas.
      }
      case WAIT -> waitAtMost(WAIT_FOR_OTHERS.toNanos());
      case SWEPT -> load();
    }
  }

  // --- firing

  private void fire() {
    long gathered = System.nanoTime() - writtenAt;
    Instant now = parts.clock().instant();
    crons.look(parts.control().view());
    OptionalLong next = batches.nextMicros();
    if (next.isEmpty()) {
      batches.forgetRested();
      return;
    }
    long untilDue = TimeUnit.MICROSECONDS.toNanos(next.getAsLong() - TimerBook.nowMicros(now));
    if (untilDue > 0) {
      batches.forgetRested();
    }
    if (untilDue > 0 || gathered < GATHER.toNanos()) {
      waitAtMost(Math.max(untilDue, GATHER.toNanos() - gathered));
      return;
    }
    List<Act> acts = batches.due(now);
    Optional<ConsumerGroupMetadata> member = parts.member().get();
    if (acts.isEmpty() || member.isEmpty()) {
      // Its record is on the way, or its canvas is looked up.
      waitAtMost(WAIT_FOR_OTHERS.toNanos());
      return;
    }
    write(acts, member.get());
    waitAtMost(0);
  }

  private void write(List<Act> acts, ConsumerGroupMetadata member) {
    writtenAt = System.nanoTime();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    acts.forEach(act -> records.addAll(act.records()));
    switch (writer.write(records, book.readTo(), member)) {
      case TimerWriter.Result.Done() -> done(acts);
      case TimerWriter.Result.Failed failed -> failed(acts, failed);
      case TimerWriter.Result.Unheard(Throwable cause) -> {
        state = State.OPENING;
        failing(cause);
      }
      case TimerWriter.Result.Fenced(Throwable cause) -> {
        parts.events().accept(new SchedulerEvent.Fenced(parts.partition(), Trouble.said(cause)));
        state = State.OPENING;
        trouble.rest(FENCED_PAUSE, System.nanoTime());
      }
    }
  }

  private void done(List<Act> acts) {
    batches.done(acts);
    trouble
        .passed(System.nanoTime())
        .ifPresent(after ->
            parts.events().accept(new SchedulerEvent.FiringGoesOn(parts.partition(), after)));
  }

  private void failed(List<Act> acts, TimerWriter.Result.Failed failed) {
    if (!writer.isOpen()) {
      state = State.OPENING;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - writtenAt);
    if (!batches.failed(acts, failed, took)) {
      failing(failed.cause());
    }
  }

  private void failing(Throwable cause) {
    long now = System.nanoTime();
    if (trouble.failed(now)) {
      parts
          .events()
          .accept(new SchedulerEvent.FiringDelayed(parts.partition(), Trouble.said(cause)));
    }
    waitAtMost(trouble.leftNanos(now));
  }
}
