package dev.nightshift.scheduler.internal.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.thread.OwnThread;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/// Runs a command when another number of workers is wanted. Its own thread does, one command after
/// another; numbers that were wanted meanwhile are left out but for the last.
public final class ScaleCommand implements AutoCloseable {
  /// Stands for the number.
  public static final String NUMBER = "{n}";

  private static final Duration RUN_MAX = Duration.ofSeconds(60);
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration END_MAX = Duration.ofSeconds(1);

  /// Of what a command that fails has written to stderr so much is said.
  private static final int SAID_MAX = 500;

  private final List<String> words;
  private final String actor;
  private final Fleet fleet;
  private final Consumer<SchedulerEvent> events;
  private final OwnThread thread;

  // Written by who decides, read by the thread.
  private volatile Optional<Order> wanted = Optional.empty();

  // Of who decides.
  private int term;

  /// What is wanted.
  ///
  /// @param term tells from each other the times for which this scheduler decides
  private record Order(int workers, int term) {}

  private ScaleCommand(
      List<String> words,
      String actor,
      Fleet fleet,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {
    this.words = List.copyOf(words);
    this.actor = actor;
    this.fleet = fleet;
    this.events = events;
    this.thread = new OwnThread("nightshift-scale-command", failed, this::run, fleet::close);
  }

  /// Starts the thread.
  ///
  /// @param fleet whose audit it is noted in; closed with this
  /// @param name the scheduler's
  /// @param words the program and its arguments, with `{n}` in some of them
  /// @param failed told if the thread ends for a reason that nobody foresaw
  public static ScaleCommand start(
      Fleet fleet,
      String name,
      List<String> words,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {
    ScaleCommand started = new ScaleCommand(words, name, fleet, events, failed);
    started.thread.start();
    return started;
  }

  /// So many workers are wanted; returns at once. The first time, and the first time after it was
  /// empty, the command is run however many there are: who decided before may not have come to it.
  ///
  /// @param workers empty when this scheduler does not decide: then nothing is run any more
  public void want(OptionalInt workers) {
    if (workers.isEmpty() && wanted.isPresent()) {
      term++;
    }
    wanted =
        workers.isEmpty() ? Optional.empty() : Optional.of(new Order(workers.getAsInt(), term));
  }

  /// Ends the thread, and a command that runs.
  @Override
  public void close() {
    thread.end(LOOK, END_MAX);
  }

  // --- the thread

  private void run() throws InterruptedException {
    Optional<Order> done = Optional.empty();
    while (thread.rest(LOOK)) {
      Optional<Order> now = wanted;
      if (now.isPresent() && !now.equals(done)) {
        done = change(now.get()) ? now : done;
      }
    }
  }

  private boolean change(Order order) throws InterruptedException {
    int workers = order.workers();
    String failure;
    try {
      fleet.audit(
          "scale command",
          "workers",
          "",
          Integer.toString(workers),
          new Cause(actor, "another number of workers is wanted"));
      failure = execute(words, workers, RUN_MAX);
    } catch (FleetException | KafkaException e) {
      failure = String.valueOf(e.getMessage());
    }
    if (failure.isEmpty()) {
      events.accept(new SchedulerEvent.ScaleCommandRan(workers));
      return true;
    }
    events.accept(new SchedulerEvent.ScaleCommandFailed(workers, failure, AGAIN_AFTER));
    long until = System.nanoTime() + AGAIN_AFTER.toNanos();
    while (System.nanoTime() - until < 0
        && wanted.equals(Optional.of(order))
        && thread.rest(LOOK)) {
      // Another number that is wanted needs no such pause.
    }
    return false;
  }

  /// @return what went wrong; empty if nothing did
  static String execute(List<String> words, int workers, Duration atMost)
      throws InterruptedException {
    String number = Integer.toString(workers);
    List<String> filled = words.stream().map(word -> word.replace(NUMBER, number)).toList();
    Process process;
    try {
      process = new ProcessBuilder(filled).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
    } catch (IOException e) {
      return filled.getFirst() + " cannot be run: " + String.valueOf(e.getMessage()).strip();
    }
    StderrEnd said = new StderrEnd(process.getErrorStream());
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        kill(process);
        return filled.getFirst() + " did not end within " + Durations.text(atMost) + said.text();
      }
      return process.exitValue() == 0
          ? ""
          : filled.getFirst() + " ended with exit code " + process.exitValue() + said.text();
    } finally {
      kill(process);
    }
  }

  // First the command itself: a shell says what becomes of its children, which is not what went
  // wrong. What it has left running in the background, as an orphan, is none of its children any
  // more.
  private static void kill(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /// Reads what a command writes, so that it does not wait for a reader, and keeps the end.
  private static final class StderrEnd {
    private static final Duration READ_MAX = Duration.ofSeconds(1);

    private final StringBuilder kept = new StringBuilder();
    private final Thread reading;

    StderrEnd(InputStream stream) {
      this.reading = Thread.startVirtualThread(() -> read(stream));
    }

    private void read(InputStream stream) {
      byte[] buffer = new byte[4096];
      try (stream) {
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
          synchronized (kept) {
            kept.append(new String(buffer, 0, count, UTF_8));
            kept.delete(0, Math.max(0, kept.length() - SAID_MAX));
          }
        }
      } catch (IOException e) {
        // The command is gone.
      }
    }

    String text() throws InterruptedException {
      reading.join(READ_MAX);
      synchronized (kept) {
        String end = kept.toString().strip().replaceAll("\\s+", " ");
        return end.isEmpty() ? "" : ": " + end;
      }
    }
  }
}
