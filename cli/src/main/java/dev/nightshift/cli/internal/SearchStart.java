package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// From when on an event is looked for: what is told, else the time in its id, less what clocks may
/// differ.
final class SearchStart {
  /// How much earlier than its id's time something of an event may have been stored, by clocks that
  /// differ.
  static final Duration CLOCKS_MAX = Duration.ofMinutes(10);

  private static final int UUID_CHARS = 36;
  private static final int TIME_VERSION = 7;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      converter = AuditCommand.Starts.class,
      description =
          "Looks at what was stored since then: 2h (ago), or 2026-01-02T03:04:05Z (default: the time"
              + " in the id less 10 minutes, if it is a UUIDv7; for other ids see above).")
  private @Nullable Instant since;

  /// From when on, and how that was decided.
  ///
  /// @param why completes "since 2026-01-02T03:04:05Z, …"; names what to say to look further back
  record Start(Instant from, String why) {
    /// `2026-01-02T03:04:05Z (…)`.
    String text() {
      return isBeginning()
          ? "their beginning"
          : from.truncatedTo(ChronoUnit.SECONDS) + " (" + why + ")";
    }

    /// Whether nothing is further back.
    boolean isBeginning() {
      return from.equals(Instant.EPOCH);
    }
  }

  /// @param id the event's
  /// @param back how far it is looked back for an id without a time; empty for all there is
  Start of(String id, Optional<Duration> back, Instant now) {
    Instant told = since;
    if (told != null) {
      return new Start(told, "as --since says");
    }
    Optional<Instant> time = timeOf(id).map(at -> at.isAfter(now) ? now : at);
    if (time.isPresent()) {
      Instant from = time.get().minus(CLOCKS_MAX);
      return new Start(
          from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from,
          "the time in the id less 10 minutes");
    }
    return back.map(far -> new Start(now.minus(far), "the last " + Durations.text(far)))
        .orElse(new Start(Instant.EPOCH, "all there is"));
  }

  /// The time in a UUIDv7; empty of any other id.
  static Optional<Instant> timeOf(String id) {
    if (id.length() != UUID_CHARS) {
      return Optional.empty();
    }
    try {
      UUID uuid = UUID.fromString(id);
      return uuid.version() == TIME_VERSION
          ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
