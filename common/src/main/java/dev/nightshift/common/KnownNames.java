package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventEnvelope.Extras;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Names of queues, canvases and the like that were seen lately, by their bytes. There are few, and
/// each event brings some: a name that is known is checked no more, and all events of a queue share
/// one string, whose hash is known, which is equal to itself at a glance, and which is in the
/// processor's cache. Owned by one thread. Bounded: each name has one place that it may lie in, and
/// takes it from another; a long one has none, but the last event's source and media type are kept
/// whatever their length.
public final class KnownNames {
  private static final int PLACES = 256;
  private static final int BYTES_MAX = 256;

  private final @Nullable Known[] queues = new Known[PLACES];
  private final @Nullable Known[] canvases = new Known[PLACES];
  private final @Nullable Known[] sources = new Known[PLACES];
  private final @Nullable Known[] contentTypes = new Known[PLACES];
  private Extras lastPlain = Extras.NONE;

  private record Known(byte[] bytes, String name, Optional<String> asOptional) {
    Known(byte[] bytes, String name) {
      this(bytes, name, Optional.of(name));
    }
  }

  /// A queue's name.
  ///
  /// @throws EventEnvelope.UndecodableException if it is not allowed
  String queue(byte[] bytes) {
    return known(queues, bytes, Names::problemWithQueue).name;
  }

  /// A canvas's name, if there is one.
  ///
  /// @throws EventEnvelope.UndecodableException if it is not allowed
  Optional<String> canvas(byte @Nullable [] bytes) {
    return bytes == null
        ? Optional.empty()
        : known(canvases, bytes, Names::problemWithCanvas).asOptional;
  }

  /// An event's extras: the same as of the last one, as a rule.
  Extras extras(EventEnvelope.Found found) {
    Optional<String> source = any(sources, found.source);
    Optional<String> contentType = any(contentTypes, found.contentType);
    if (!found.others.isEmpty()) {
      return new Extras(source, contentType, List.copyOf(found.others));
    }
    if (!lastPlain.source().equals(source) || !lastPlain.contentType().equals(contentType)) {
      lastPlain = new Extras(source, contentType, List.of());
    }
    return lastPlain;
  }

  private static Optional<String> any(@Nullable Known[] known, byte @Nullable [] bytes) {
    return bytes == null
        ? Optional.empty()
        : known(known, bytes, name -> Optional.empty()).asOptional;
  }

  private static Known known(
      @Nullable Known[] known, byte[] bytes, Function<String, Optional<String>> problem) {
    int place = Arrays.hashCode(bytes) & PLACES - 1;
    Known there = known[place];
    if (there != null && Arrays.equals(there.bytes, bytes)) {
      return there;
    }
    String name = new String(bytes, UTF_8);
    EventEnvelope.reject(problem.apply(name));
    Known one = new Known(bytes, name);
    if (bytes.length <= BYTES_MAX) {
      known[place] = one;
    }
    return one;
  }
}
