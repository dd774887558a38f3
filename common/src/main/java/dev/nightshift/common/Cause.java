package dev.nightshift.common;

/// Who changes something, and why: for the control record and the audit.
///
/// @param actor a person's or a service's name; not empty
/// @param reason in the actor's words; may be empty
public record Cause(String actor, String reason) {
  /// The longest reason, in characters.
  public static final int REASON_CHARS_MAX = 1_000;

  /// Checks both.
  ///
  /// @throws IllegalArgumentException if there is no actor, or the reason is too long
  public Cause {
    if (actor.isBlank()) {
      throw new IllegalArgumentException("a change needs an actor: say who makes it");
    }
    if (reason.length() > REASON_CHARS_MAX) {
      throw new IllegalArgumentException(
          "the reason has "
              + reason.length()
              + " characters, at most "
              + REASON_CHARS_MAX
              + " are allowed");
    }
  }
}
