package dev.nightshift.common;

import java.util.Optional;

/// What a flag or a command is about: one queue, all queues of a canvas, or all. Written
/// `CANVAS/QUEUE`, `CANVAS/*` and `*`. Immutable.
///
/// @param canvas empty for all canvases
/// @param queue empty for all queues
public record Scope(Optional<String> canvas, Optional<String> queue) {
  private static final String EVERY = "*";
  private static final Scope ALL = new Scope(Optional.empty(), Optional.empty());

  /// Checks the names.
  ///
  /// @throws IllegalArgumentException if one is not allowed, or there is a queue without a canvas
  public Scope {
    canvas.flatMap(Names::problemWithCanvas).ifPresent(Scope::refuse);
    queue.flatMap(Names::problemWithQueue).ifPresent(Scope::refuse);
    if (canvas.isEmpty() && queue.isPresent()) {
      refuse("a queue needs its canvas: CANVAS/" + queue.get());
    }
  }

  /// All queues of all canvases.
  public static Scope all() {
    return ALL;
  }

  /// All queues of one canvas.
  public static Scope canvas(String canvas) {
    return new Scope(Optional.of(canvas), Optional.empty());
  }

  /// One queue.
  public static Scope queue(String canvas, String queue) {
    return new Scope(Optional.of(canvas), Optional.of(queue));
  }

  /// Reads what people write.
  ///
  /// @throws IllegalArgumentException if it is none of the three forms; the message says which they
  ///   are
  public static Scope parse(String text) {
    if (text.equals(EVERY)) {
      return ALL;
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      refuse(
          Names.quoted(text)
              + " names no queue: write CANVAS/QUEUE, CANVAS/* for all queues of a canvas, or * for"
              + " all");
    }
    String queue = text.substring(slash + 1);
    return new Scope(
        Optional.of(text.substring(0, slash)),
        queue.equals(EVERY) ? Optional.empty() : Optional.of(queue));
  }

  /// Whether it is about that queue, perhaps among others.
  public boolean covers(String canvasName, String queueName) {
    return canvas.map(canvasName::equals).orElse(true) && queue.map(queueName::equals).orElse(true);
  }

  /// Whether there is a queue that both are about.
  public boolean overlaps(Scope other) {
    return same(canvas, other.canvas) && same(queue, other.queue);
  }

  private static boolean same(Optional<String> one, Optional<String> other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  @Override
  public String toString() {
    return canvas.map(name -> name + "/" + queue.orElse(EVERY)).orElse(EVERY);
  }

  private static void refuse(String problem) {
    throw new IllegalArgumentException(problem);
  }
}
