package dev.nightshift.common;

import java.time.Duration;
import java.util.Optional;

/// When Nightshift itself blocks a queue: when so many different events of it have killed the
/// processes that ran them, within a time. After the block one event is tried; see [BreakerStep].
/// Immutable.
///
/// @param generation of the canvas
/// @param on whether it blocks at all
/// @param events how many different events, from 1 to [#EVENTS_MAX]
/// @param within the time, from a second to [#WITHIN_MAX]
/// @param block how long the first block is, from a second to [#BLOCK_MAX]; each that follows
///   without an event that ended well is twice as long, up to that
public record Breaker(
    String canvas,
    int generation,
    String queue,
    boolean on,
    int events,
    Duration within,
    Duration block)
    implements ControlFact.OfQueue {
  /// The most events that may have to be counted.
  public static final int EVENTS_MAX = 100;

  /// The longest time within which they are counted.
  public static final Duration WITHIN_MAX = Duration.ofDays(1);

  /// The longest block.
  public static final Duration BLOCK_MAX = Duration.ofHours(1);

  /// The shortest of both.
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final String FLAG_PREFIX = "breaker/";

  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if one is not allowed; the message says what is
  public Breaker {
    if (events < 1 || events > EVENTS_MAX) {
      throw new IllegalArgumentException(
          "events " + events + " is not allowed: from 1 to " + EVENTS_MAX);
    }
    check("within", within, WITHIN_MAX);
    check("block", block, BLOCK_MAX);
  }

  private static void check(String what, Duration value, Duration most) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          what
              + " "
              + Durations.text(value)
              + " is not allowed: from "
              + Durations.text(SHORTEST)
              + " to "
              + Durations.text(most));
    }
  }

  /// What counts for a queue that nobody has set it for: three events in ten minutes, a minute.
  public static Breaker standard(String canvas, int generation, String queue) {
    return new Breaker(
        canvas, generation, queue, true, 3, Duration.ofMinutes(10), Duration.ofMinutes(1));
  }

  /// How long the next block is.
  ///
  /// @param former the breaker's last block of the queue, unless it was lifted since
  Duration blockAfter(Optional<Flag> former) {
    return former
        .flatMap(flag -> flag.until().map(end -> Duration.between(flag.setAt(), end)))
        .map(last -> last.multipliedBy(2))
        .map(twice -> twice.compareTo(BLOCK_MAX) < 0 ? twice : BLOCK_MAX)
        .orElse(block);
  }

  /// The id of the block that a loss leads to: whoever finds that loss sets the same one.
  static String flagId(Killer killer) {
    return FLAG_PREFIX
        + killer.key().substring(killer.key().indexOf('/') + 1)
        + "/"
        + killer.attempt();
  }

  /// Whether a flag was set by a breaker. It counts for the breaker until it is lifted: after its
  /// end one event after the other is tried.
  static boolean isOwn(Flag flag) {
    return flag.kind() == FlagKind.BLOCK
        && flag.id().startsWith(FLAG_PREFIX)
        && flag.scope().queue().isPresent()
        && flag.until().isPresent();
  }

  @Override
  public String key() {
    return key(canvas, generation, queue);
  }

  static String key(String canvas, int generation, String queue) {
    return "breaker/" + canvas + "/" + generation + "/" + queue;
  }

  /// As people read it: `on, 3 events in 10m, first block 1m`, or `off`.
  public String text() {
    return on
        ? "on, "
            + events
            + (events == 1 ? " event in " : " events in ")
            + Durations.text(within)
            + ", first block "
            + Durations.text(block)
        : "off";
  }
}
