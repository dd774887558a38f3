package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever handlers do and whenever they are interrupted: each attempt ends exactly once, as the
/// table of [Attempt] says. The seed is in the name of the test that fails.
@Timeout(120)
class OneEndPropertyTest {
  private static final int ATTEMPTS = 400;

  /// What a handler does, by the event's payload.
  private enum Behaviour {
    RETURNS,
    RETURNS_FALSE,
    RETURNS_WHAT_CANNOT_BE_WRITTEN,
    THROWS,
    THROWS_ERROR,
    OVERFLOWS,
    EMITS,
    EMITS_AND_THROWS,
    NOTES,
    WAITS,
    WAITS_AND_SWALLOWS;

    boolean waits() {
      return this == WAITS || this == WAITS_AND_SWALLOWS;
    }
  }

  private record Started(
      AttemptKey key, Behaviour behaviour, @Nullable Interruption interruption) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void each_attempt_ends_exactly_once(long seed) throws Exception {
    Random random = new Random(seed);
    List<Started> all = new ArrayList<>();
    try (AttemptsFixture run = AttemptsFixture.of(new Everything())) {
      for (int i = 0; i < ATTEMPTS; i++) {
        Behaviour behaviour = Behaviour.values()[random.nextInt(Behaviour.values().length)];
        AttemptKey key = run.start(behaviour.name());
        all.add(new Started(key, behaviour, interrupt(run, key, behaviour, random)));
      }
      Map<AttemptKey, Finished> ends = new HashMap<>();
      for (int i = 0; i < ATTEMPTS; i++) {
        Finished finished = run.finished();
        assertEquals(null, ends.put(finished.key(), finished), () -> "twice: " + finished);
      }
      assertTrue(run.mailbox.isEmpty());
      assertTrue(run.events.isEmpty());
      Map<Long, Trace> traces = traces(run);
      for (Started started : all) {
        check(
            started,
            Objects.requireNonNull(ends.get(started.key())),
            traces.get(started.key().offset()));
      }
    }
  }

  /// Interrupts some that run or have ended, and all that wait for it.
  private static @Nullable Interruption interrupt(
      AttemptsFixture run, AttemptKey key, Behaviour behaviour, Random random) {
    if (!behaviour.waits() && random.nextInt(3) > 0) {
      return null;
    }
    Interruption why = Interruption.values()[random.nextInt(2)];
    run.interrupt(key, why);
    return why;
  }

  private static void check(Started started, Finished finished, @Nullable Trace stored) {
    String about = started + " ended as " + finished.outcome();
    boolean interrupted =
        started.behaviour().waits()
            || finished.outcome() == Outcome.LOST
            || finished.outcome() == Outcome.TIMED_OUT;
    Outcome expected = interrupted ? whenInterrupted(started) : undisturbed(started.behaviour());
    assertEquals(expected, finished.outcome(), about);
    boolean emits =
        started.behaviour() == Behaviour.EMITS && finished.outcome() == Outcome.COMPLETED;
    assertEquals(emits ? 3 : 0, finished.records().size(), about);
    boolean traceStored = !emits && finished.outcome() != Outcome.LOST;
    assertEquals(traceStored, stored != null, about);
    if (stored != null) {
      assertEquals(finished.outcome().label(), stored.getOutcome(), about);
    }
  }

  private static Outcome whenInterrupted(Started started) {
    return switch (Objects.requireNonNull(started.interruption(), started::toString)) {
      case HAND_BACK -> Outcome.LOST;
      case TIME_LIMIT -> Outcome.TIMED_OUT;
    };
  }

  private static Outcome undisturbed(Behaviour behaviour) {
    return switch (behaviour) {
      case THROWS, THROWS_ERROR, OVERFLOWS, EMITS_AND_THROWS -> Outcome.ERRORED;
      default -> Outcome.COMPLETED;
    };
  }

  private static Map<Long, Trace> traces(AttemptsFixture run) {
    Function<Trace, Long> offset =
        trace -> Long.valueOf(trace.getEventId().substring("e-".length()));
    List<ProducerRecord<byte[], byte[]>> stored = run.traces.stored();
    return stored.stream().map(AttemptsFixture::decode).collect(Collectors.toMap(offset, t -> t));
  }

  private static final class Everything implements Handler {
    @Override
    public @Nullable Object handle(Event event, Context context) throws Exception {
      switch (Behaviour.valueOf(event.text())) {
        case RETURNS -> {
          return "fine";
        }
        case RETURNS_FALSE -> {
          return false;
        }
        case RETURNS_WHAT_CANNOT_BE_WRITTEN -> {
          return new Unwritable();
        }
        case THROWS -> throw new IOException("no");
        case THROWS_ERROR -> throw new AssertionError("no");
        case OVERFLOWS -> context.step("again", () -> handle(event, context));
        case EMITS -> emit(context);
        case EMITS_AND_THROWS -> {
          emit(context);
          throw new IllegalStateException("no");
        }
        case NOTES -> context.step("notes", () -> note(context));
        case WAITS -> new Semaphore(0).acquire();
        case WAITS_AND_SWALLOWS -> swallow();
      }
      return null;
    }

    private static void emit(Context context) {
      context.emit("new", "one");
      context.emit("other", "new", "two");
    }

    private static @Nullable Object note(Context context) {
      context.log("a line");
      return null;
    }

    private static void swallow() {
      try {
        new Semaphore(0).acquire();
      } catch (InterruptedException e) {
        // as bad handlers do
      }
    }
  }

  private static final class Unwritable {
    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }
}
