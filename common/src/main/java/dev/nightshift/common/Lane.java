package dev.nightshift.common;

/// The topic where a queue's events wait while they must not, or cannot, start: while the queue is
/// paused or blocked, and while it has a backlog that would hold up other queues. Immutable.
///
/// @param generation of the canvas
/// @param partitions of the topic
public record Lane(String canvas, int generation, String queue, String topic, int partitions)
    implements ControlFact.OfQueue {
  /// The key of the record of a queue's lane.
  public static String key(String canvas, int generation, String queue) {
    return "lane/" + canvas + "/" + generation + "/" + queue;
  }

  @Override
  public String key() {
    return key(canvas, generation, queue);
  }
}
