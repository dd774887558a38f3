package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Names of queues and canvases that were seen lately, by their bytes. There are few, and each
/// event brings two: a name that is known is checked no more, and all events of a queue share one
/// string, whose hash is known and which is equal to itself at a glance. Owned by one thread.
/// Bounded: each name has one place that it may lie in, and takes it from another.
public final class KnownNames {
  private static final int PLACES = 256;

  private final @Nullable Known[] queues = new Known[PLACES];
  private final @Nullable Known[] canvases = new Known[PLACES];

  private record Known(byte[] bytes, String name) {}

  /// A queue's name.
  ///
  /// @throws EventEnvelope.UndecodableException if it is not allowed
  String queue(byte[] bytes) {
    return name(queues, bytes, Names::problemWithQueue);
  }

  /// A canvas's name.
  ///
  /// @throws EventEnvelope.UndecodableException if it is not allowed
  String canvas(byte[] bytes) {
    return name(canvases, bytes, Names::problemWithCanvas);
  }

  private static String name(
      @Nullable Known[] known, byte[] bytes, Function<String, Optional<String>> problem) {
    int place = Arrays.hashCode(bytes) & PLACES - 1;
    Known there = known[place];
    if (there != null && Arrays.equals(there.bytes, bytes)) {
      return there.name;
    }
    String name = new String(bytes, UTF_8);
    EventEnvelope.reject(problem.apply(name));
    known[place] = new Known(bytes, name);
    return name;
  }
}
