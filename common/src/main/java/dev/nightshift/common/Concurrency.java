package dev.nightshift.common;

import java.util.Optional;

/// How many handlers a worker shall run at once, whatever it was started with. Immutable.
///
/// @param worker its name, or [#ALL]
/// @param handlers from 1 to [#MAX]; empty if what it was started with counts
public record Concurrency(String worker, Optional<Integer> handlers) implements ControlFact {
  /// Stands for all workers that nothing is said of by name.
  public static final String ALL = "*";

  /// More handlers at once than this would only wait for each other.
  public static final int MAX = 100_000;

  /// Checks the number.
  ///
  /// @throws IllegalArgumentException if it is not allowed; the message says what is
  public Concurrency {
    handlers
        .filter(wanted -> wanted < 1 || wanted > MAX)
        .ifPresent(wanted -> {
          throw new IllegalArgumentException(
              "concurrency "
                  + wanted
                  + " is not allowed: 1 to 100,000 handlers at once; to stop queues pause them");
        });
  }

  /// The key of the record of a worker's concurrency.
  public static String key(String worker) {
    return "concurrency/" + worker;
  }

  @Override
  public String key() {
    return key(worker);
  }

  /// As people read it.
  public String text() {
    return handlers.map(String::valueOf).orElse("as started");
  }
}
