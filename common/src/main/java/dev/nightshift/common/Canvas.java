package dev.nightshift.common;

/// One generation of a canvas, as its control record says. Immutable.
///
/// @param name the canvas
/// @param generation how often a canvas of that name has been created, from 1
/// @param topic the topic of its events
/// @param group the consumer group whose workers run it
/// @param deleted whether it was deleted: nothing may be emitted, what waits ends as
///   `canvas_deleted`
/// @param gone whether nothing of it waits any more, so that its own topics are read no more
public record Canvas(
    String name, int generation, String topic, String group, boolean deleted, boolean gone)
    implements ControlFact {
  /// One that is not gone.
  public Canvas(String name, int generation, String topic, String group, boolean deleted) {
    this(name, generation, topic, group, deleted, false);
  }

  /// The key of the record of one generation of a canvas.
  public static String key(String name, int generation) {
    return "canvas/" + name + "/" + generation;
  }

  @Override
  public String key() {
    return key(name, generation);
  }

  /// Whether other canvases' events may be in its topic, too: then that outlives this one, and an
  /// event in it is of this canvas only if it says so.
  public boolean shared() {
    return TopicPlan.isShared(topic);
  }

  /// The same, deleted, and gone or not.
  public Canvas deleted(boolean isGone) {
    return new Canvas(name, generation, topic, group, true, isGone);
  }

  /// What is said to who wants something of it once it is deleted.
  public String deletedText() {
    return "canvas "
        + Names.quoted(name)
        + " was deleted; create it again with: nightshift canvas create "
        + name;
  }

  /// As the audit says it: `generation 2, topic nightshift.events.shop.2, active`.
  public String text() {
    return "generation "
        + generation
        + ", topic "
        + topic
        + (shared() ? " (shared)" : "")
        + (gone ? ", gone" : deleted ? ", deleted" : ", active");
  }
}
