package dev.nightshift.common;

import java.util.Comparator;

/// A queue of a canvas. Immutable; ordered by canvas, then queue.
public record QueueName(String canvas, String queue) implements Comparable<QueueName> {
  private static final Comparator<QueueName> ORDER =
      Comparator.comparing(QueueName::canvas).thenComparing(QueueName::queue);

  @Override
  public int compareTo(QueueName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return canvas + "/" + queue;
  }
}
