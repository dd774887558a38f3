package dev.nightshift.common.dead;

import java.util.List;
import java.util.OptionalLong;

/// Which letters are to be redriven or discarded. Immutable.
///
/// @param names letters by [LetterId] or by their event's id; if there are any, the filter is not
///   looked at
/// @param filter which of all letters
/// @param max at most as many, the oldest
public record LetterChoice(List<String> names, LetterFilter filter, OptionalLong max) {
  /// As the audit says it.
  String text() {
    String which = names.isEmpty() ? filter.text() : "by name";
    return max.isPresent() ? which + ", at most " + max.getAsLong() : which;
  }
}
