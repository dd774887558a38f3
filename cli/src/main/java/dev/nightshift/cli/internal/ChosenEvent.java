package dev.nightshift.cli.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/// The event that a command is about: its id and, as nobody keeps two queues from having one of the
/// same id, its queue.
final class ChosenEvent {
  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The event's id.",
      converter = EventCommand.Ids.class)
  private String id = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "CANVAS/QUEUE",
      description = "Which is meant of several events with this id: that of this queue.",
      converter = EventTarget.Targets.class)
  private @Nullable EventTarget target;

  String id() {
    return id;
  }

  /// The queue of the one that is meant; empty for any.
  Optional<EventTarget> target() {
    return Optional.ofNullable(target);
  }

  /// Whether one of a queue, `CANVAS/QUEUE`, may be meant.
  boolean isMeant(String queue) {
    return target == null || target.toString().equals(queue);
  }
}
