package dev.nightshift.common;

import java.time.Instant;
import java.util.Optional;

/// A pause or a block that was set and not lifted. Immutable.
///
/// @param id tells it from others on the same scope
/// @param generation of the scope's canvas when it was set; 0 if the scope is all canvases
/// @param reason why, in the actor's words; may be empty for a pause
/// @param until from then on it counts no more
public record Flag(
    String id,
    FlagKind kind,
    Scope scope,
    int generation,
    String actor,
    String reason,
    Instant setAt,
    Optional<Instant> until)
    implements ControlFact {
  /// The key of a flag's record.
  public static String key(String id) {
    return "flag/" + id;
  }

  @Override
  public String key() {
    return key(id);
  }

  /// Whether it is about exactly this canvas, or one of its queues.
  boolean isOf(Canvas canvas) {
    return generation == canvas.generation() && scope.canvas().equals(Optional.of(canvas.name()));
  }

  /// Whether it still counts.
  public boolean counts(Instant now) {
    return until.map(now::isBefore).orElse(true);
  }

  /// As a sentence's end: `paused by ada since 2026-01-02T03:04:05Z: too many mails`.
  public String text() {
    return kind.state()
        + " by "
        + actor
        + " since "
        + setAt
        + until.map(end -> " until " + end).orElse("")
        + (reason.isEmpty() ? "" : ": " + reason);
  }
}
