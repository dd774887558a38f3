package dev.nightshift.cli.internal;

import dev.nightshift.cli.internal.PayloadLines.Line;
import dev.nightshift.emitter.EmitException;
import dev.nightshift.emitter.Emitted;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Emits the lines of an input, one event each, and knows at any time which of them Kafka has. It
/// stops at the first line that cannot be emitted. Owned by one thread.
///
/// Bounded: the emitter waits while too many bytes are not acknowledged, and no more than
/// [#PENDING_MAX] events are on their way.
final class LinesEmission {
  private static final int PENDING_MAX = 100_000;

  /// Emits one.
  interface Emits {
    CompletableFuture<Emitted> emit(byte[] payload);
  }

  /// Is told of each event that is durable, in the order of the lines.
  interface Durable {
    void accept(long line, Emitted emitted);
  }

  /// What is read.
  ///
  /// @param input for messages
  /// @param firstLine the line to begin with, from 1
  /// @param bytesMax the longest line
  /// @param quiet whether a success is not told
  record Setup(EmitInput input, long firstLine, int bytesMax, boolean quiet) {}

  private record Pending(long line, CompletableFuture<Emitted> emitted) {}

  private final Setup setup;
  private final Emits emits;
  private final Durable durable;
  private final BooleanSupplier interrupted;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final long begin = System.nanoTime();

  private long lastRead;
  private long emitted;
  private long emittedAfterFailure;
  private long unknownAfterFailure;
  private long failedLine;
  private @Nullable Throwable failure;
  private @Nullable String mistake;
  private @Nullable IOException unreadable;

  LinesEmission(Setup setup, Emits emits, Durable durable, BooleanSupplier interrupted) {
    this.setup = setup;
    this.emits = emits;
    this.durable = durable;
    this.interrupted = interrupted;
  }

  /// Emits until the input ends, a line cannot be emitted, or it is interrupted.
  ///
  /// @param input asks [#stopped] while it has nothing to read
  /// @param progress told how many are durable
  void run(InputStream input, LongConsumer progress) {
    try (PayloadLines lines = new PayloadLines(input, setup.bytesMax())) {
      Optional<Line> line = lines.next();
      while (line.isPresent() && !stopped()) {
        if (line.get().number() >= setup.firstLine() && !take(line.get())) {
          return;
        }
        lastRead = lines.number();
        progress.accept(emitted);
        line = lines.next();
      }
      lastRead = stopped() ? lastRead : lines.number();
    } catch (IOException e) {
      unreadable = e;
    }
  }

  private boolean take(Line line) {
    Optional<String> wrong = EmitInput.mistake(line, setup.bytesMax());
    if (wrong.isPresent()) {
      mistake = wrong.get();
      lastRead = line.number() - 1;
      return false;
    }
    if (pending.size() == PENDING_MAX) {
      settle(pending.remove());
    }
    pending.add(new Pending(line.number(), emits.emit(line.bytes())));
    settleDone();
    return true;
  }

  /// Whether it is to stop. Notes on the way what has become durable.
  boolean stopped() {
    settleDone();
    return failure != null || interrupted.getAsBoolean();
  }

  private void settleDone() {
    while (!pending.isEmpty() && pending.element().emitted().isDone()) {
      settle(pending.remove());
    }
  }

  private void settle(Pending one) {
    Emitted done;
    try {
      done = one.emitted().join();
    } catch (CompletionException | CancellationException e) {
      Throwable cause = e.getCause();
      fail(one.line(), cause == null ? e : cause);
      return;
    }
    emitted++;
    emittedAfterFailure += failure == null ? 0 : 1;
    durable.accept(one.line(), done);
  }

  private void fail(long line, Throwable why) {
    if (failure != null) {
      unknownAfterFailure += mayBeStored(why) ? 1 : 0;
      return;
    }
    failure = why;
    failedLine = line;
  }

  private static boolean mayBeStored(Throwable why) {
    return why instanceof EmitException.NotConfirmed || !(why instanceof EmitException);
  }

  /// Waits for what is on its way, and says what was done.
  ///
  /// @param flush returns when all futures are complete
  /// @param known what to throw for a failure
  /// @return an [ExitCode]
  /// @throws RuntimeException if not all lines were emitted
  int end(Runnable flush, Function<Throwable, RuntimeException> known) {
    await(flush);
    Throwable why = failure;
    if (why != null) {
      System.err.println(
          "nightshift: line "
              + failedLine
              + (mayBeStored(why) ? " may or may not have been" : " was not")
              + " emitted. "
              + sumAfterFailure());
      throw known.apply(why);
    }
    if (mistake != null) {
      throw new CommandException(
          ExitCode.FAILED,
          setup.input().name()
              + ": "
              + mistake
              + ". "
              + sum()
              + ", or leave it out with --from-line "
              + (next() + 1));
    }
    IOException broken = unreadable;
    if (broken != null) {
      throw new CommandException(
          ExitCode.FAILED,
          setup.input().name() + " cannot be read on (" + broken.getMessage() + "). " + sum());
    }
    return done();
  }

  private int done() {
    if (interrupted.getAsBoolean()) {
      System.err.println("nightshift: interrupted. " + sum());
      return ExitCode.DONE;
    }
    setup
        .input()
        .beyond(lastRead, setup.firstLine())
        .ifPresent(problem -> {
          throw new CommandException(ExitCode.USAGE, problem + ". Nothing was emitted");
        });
    if (!setup.quiet() && emitted == 0) {
      System.err.println("nightshift: " + setup.input().nothing(setup.firstLine()));
    } else if (!setup.quiet()) {
      System.err.println(EmitProgress.number(emitted) + " emitted in " + seconds());
    }
    return ExitCode.DONE;
  }

  // A thread that was interrupted waits all the same: what is on its way would be unknown.
  private void await(Runnable flush) {
    boolean wasInterrupted = Thread.interrupted();
    try {
      flush.run();
      while (!pending.isEmpty()) {
        settle(pending.remove());
      }
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// How many are durable.
  long emitted() {
    return emitted;
  }

  // The first line that is not known to be durable.
  private long next() {
    return failure == null ? Math.max(setup.firstLine(), lastRead + 1) : failedLine;
  }

  private String sum() {
    return (emitted == 0 ? "Nothing was emitted" : count()) + goOn();
  }

  private String sumAfterFailure() {
    String nothing =
        "Nothing else " + (unknownAfterFailure == 0 ? "was" : "is known to be") + " emitted";
    String again =
        emittedAfterFailure == 0
            ? ""
            : ", and "
                + EmitProgress.number(emittedAfterFailure)
                + " of those after it, which would be emitted again";
    String perhaps =
        unknownAfterFailure == 0
            ? ""
            : "; "
                + EmitProgress.number(unknownAfterFailure)
                + " of those after it may or may not have been emitted, and would be emitted again";
    return (emitted == 0 ? nothing : count()) + again + perhaps + goOn();
  }

  private String count() {
    return EmitProgress.events(emitted)
        + (emitted == 1 ? " was" : " were")
        + " emitted, all before line "
        + next();
  }

  private String goOn() {
    return ". Go on with --from-line " + next();
  }

  private String seconds() {
    return String.format(
        Locale.ROOT, "%.1f s", Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1e3);
  }
}
