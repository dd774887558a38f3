package dev.nightshift.bench.stage;

import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.List;

/// The events of a round, and where they are.
///
/// @param plan the topics of a fleet of this round's own
/// @param canvases where they are emitted into, in turn
/// @param topics where their records are
/// @param kind what they are
public record Load(TopicPlan plan, List<String> canvases, List<String> topics, Kind kind) {
  /// The canvas of events where there is only one.
  public static final String CANVAS = "bench";

  /// The queue of events that are only run.
  public static final String WORK = "work";

  /// The queue of events that each emit a child.
  public static final String PARENT = "parent";

  /// Of a canvas's topic: what it has unless told otherwise.
  public static final int PARTITIONS = 6;

  /// The topic that canvases share, where they do.
  public static final String SHARED = "bench";

  /// Canvases with a topic of their own each.
  public Load(TopicPlan plan, List<String> canvases, Kind kind) {
    this(plan, canvases, canvases.stream().map(canvas -> plan.events(canvas, 1)).toList(), kind);
  }

  /// Canvases that share one topic.
  public static Load sharing(TopicPlan plan, List<String> canvases, Kind kind) {
    return new Load(plan, canvases, List.of(plan.shared(SHARED)), kind);
  }

  /// What the events of a round are.
  ///
  /// @param warm how many starts come before the clock starts
  /// @param events how many are measured
  /// @param sleep how long each first attempt sleeps
  /// @param queue where they are emitted into
  /// @param partitions of each canvas's topic
  public record Kind(int warm, int events, Duration sleep, String queue, int partitions) {
    /// Events that are only run.
    public static Kind work(int warm, int events, Duration sleep) {
      return new Kind(warm, events, sleep, WORK, PARTITIONS);
    }

    /// How many are emitted.
    public int emitted() {
      return warm + events;
    }

    /// How many handlers come to their ends.
    public int handled() {
      return queue.equals(PARENT) ? 2 * emitted() : emitted();
    }
  }

  /// The first topic.
  public String topic() {
    return topics.get(0);
  }
}
