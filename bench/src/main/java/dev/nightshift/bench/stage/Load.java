package dev.nightshift.bench.stage;

import dev.nightshift.common.TopicPlan;
import java.time.Duration;

/// Events that wait to be run by each side of a round.
///
/// @param plan the topics of a fleet of this round's own
/// @param topic where the events are
/// @param warm how many starts come before the clock starts
/// @param events how many are measured
/// @param sleep how long each handler sleeps
public record Load(TopicPlan plan, String topic, int warm, int events, Duration sleep) {
  /// The canvas of all events.
  public static final String CANVAS = "bench";

  /// The queue of events that are only run.
  public static final String QUEUE = "work";

  /// Payloads, in bytes.
  public static final int PAYLOAD_BYTES = 256;

  /// Of the canvas's topic: what a canvas has unless told otherwise.
  public static final int PARTITIONS = 6;

  /// All of them.
  public int total() {
    return warm + events;
  }
}
