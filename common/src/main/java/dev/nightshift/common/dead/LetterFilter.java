package dev.nightshift.common.dead;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which dead letters are wanted; what is empty is not asked for. Immutable. Pure.
///
/// @param canvas only of this canvas
/// @param queue only of queues of this name
/// @param reason only those whose outcome this is, or whose reason has this in it, in small letters
///   or capitals
/// @param since only what died then or later
/// @param until only what died before
public record LetterFilter(
    Optional<String> canvas,
    Optional<String> queue,
    Optional<String> reason,
    Optional<Instant> since,
    Optional<Instant> until) {
  /// All.
  public static final LetterFilter ALL =
      new LetterFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  boolean takes(Letter letter) {
    return canvas.map(name -> letter.canvasName().equals(Optional.of(name))).orElse(true)
        && queue.map(name -> letter.queue().equals(Optional.of(name))).orElse(true)
        && reason.map(wanted -> isFor(letter, wanted)).orElse(true)
        && since.map(start -> !letter.diedAt().isBefore(start)).orElse(true)
        && until.map(end -> letter.diedAt().isBefore(end)).orElse(true);
  }

  private static boolean isFor(Letter letter, String wanted) {
    return letter.outcome().equals(wanted)
        || letter.reason().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
  }

  /// As messages and the audit say it: `canvas shop, since 2026-01-02T03:04:05Z`; `all`.
  public String text() {
    List<String> parts = new ArrayList<>();
    canvas.ifPresent(name -> parts.add("canvas " + name));
    queue.ifPresent(name -> parts.add("queue " + name));
    reason.ifPresent(wanted -> parts.add("reason '" + wanted + "'"));
    since.ifPresent(start -> parts.add("since " + start));
    until.ifPresent(end -> parts.add("until " + end));
    return parts.isEmpty() ? "all" : String.join(", ", parts);
  }
}
