package dev.nightshift.common.backlog;

import dev.nightshift.common.EventHeaders;
import java.util.Optional;

/// An event on the delayed topic that was neither emitted nor cancelled when it was looked for.
/// Immutable.
///
/// @param place where it lies; where the request to cancel it lies, if there is one
/// @param searchedTo the first offset of its partition that was not looked at
public record DelayedEvent(EventPlace place, long searchedTo) {
  /// Who has asked to cancel it, if no scheduler has answered that yet.
  public Optional<String> cancelAskedBy() {
    return place.event().header(EventHeaders.CANCEL);
  }
}
