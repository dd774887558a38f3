package dev.nightshift.common;

/// One generation of a canvas, as its control record says. Immutable.
///
/// @param name the canvas
/// @param generation how often a canvas of that name has been created, from 1
/// @param topic the topic of its events
/// @param group the consumer group whose workers run it
/// @param deleted whether it was deleted: nothing may be emitted, what waits ends as
///   `canvas_deleted`
public record Canvas(String name, int generation, String topic, String group, boolean deleted) {
  /// As the audit says it: `generation 2, topic nightshift.events.shop.2, active`.
  public String text() {
    return "generation " + generation + ", topic " + topic + (deleted ? ", deleted" : ", active");
  }
}
