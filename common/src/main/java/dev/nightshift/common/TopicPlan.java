package dev.nightshift.common;

import java.util.List;
import java.util.regex.Pattern;

/// Which topic holds what. Immutable.
///
/// @param prefix starts the name of each topic of a fleet, group and transactional id, e.g.
///   `nightshift.`
public record TopicPlan(String prefix) {
  /// The prefix unless a fleet says otherwise.
  public static final String DEFAULT_PREFIX = "nightshift.";

  private static final String SHARED = "events.shared.";
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,60}");

  /// Checks the prefix.
  public TopicPlan {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "topic prefix "
              + Names.quoted(prefix)
              + " is not allowed: 1 to 60 of A-Z, a-z, 0-9, '.', '_' and '-'");
    }
  }

  /// The plan with the default prefix.
  public static TopicPlan standard() {
    return new TopicPlan(DEFAULT_PREFIX);
  }

  /// A canvas's events. A name is never used twice: each generation of a canvas has its own topic.
  ///
  /// @param generation how often a canvas of that name has been created, from 1
  public String events(String canvas, int generation) {
    return prefix + "events." + canvas + (generation == 1 ? "" : "." + generation);
  }

  /// A topic that canvases share. Its name begins with a letter, so that it is never that of a
  /// canvas `shared` which was created again.
  public String shared(String name) {
    return prefix + SHARED + name;
  }

  /// Whether canvases share an event topic, of whatever fleet.
  static boolean isShared(String topic) {
    int last = topic.lastIndexOf('.') + 1;
    return topic.startsWith(SHARED, last - SHARED.length())
        && last < topic.length()
        && topic.charAt(last) > '9';
  }

  /// A queue's lane. The generation always stands in the name: Kafka takes two names for the same
  /// that differ in '.' and '_' only, and a queue's name may have '_'.
  ///
  /// @param generation of the canvas
  public String lane(String canvas, int generation, String queue) {
    return lanePrefix() + canvas + "." + generation + "." + queue;
  }

  /// Whether a topic is some queue's lane.
  public boolean isLane(String topic) {
    return topic.startsWith(lanePrefix());
  }

  private String lanePrefix() {
    return prefix + "lane.";
  }

  /// Events whose attempt was lost, waiting for the next.
  public String retry() {
    return prefix + "retry";
  }

  /// Exhausted and undecodable events.
  public String dead() {
    return prefix + "dead";
  }

  /// What became of dead letters that somebody redrove or discarded; compacted, one partition.
  public String deadDone() {
    return prefix + "dead-done";
  }

  /// Canvases and flags; compacted, one partition.
  public String control() {
    return prefix + "control";
  }

  /// Events that are to be emitted later, by canvas and id; compacted.
  public String delayed() {
    return prefix + "delayed";
  }

  /// Crons; compacted, one partition.
  public String schedules() {
    return prefix + "schedules";
  }

  /// Trace records.
  public String traces() {
    return prefix + "traces";
  }

  /// Who changed what; kept.
  public String audit() {
    return prefix + "audit";
  }

  /// The topics that a fleet has one of each.
  public List<String> own() {
    return List.of(
        control(),
        retry(),
        delayed(),
        dead(),
        deadDone(),
        schedules(),
        traces(),
        audit(),
        workers(),
        scale());
  }

  /// What the workers say of themselves; compacted, one partition.
  public String workers() {
    return prefix + "workers";
  }

  /// How many workers are wanted; compacted, one partition.
  public String scale() {
    return prefix + "scale";
  }

  /// The consumer group of the workers.
  public String workersGroup() {
    return prefix + "workers";
  }

  /// The consumer group of the schedulers: who of them fires what is due in which partition of
  /// [#delayed].
  public String schedulersGroup() {
    return prefix + "schedulers";
  }

  /// The transactional id of whoever fires what is due in a partition of [#delayed]: its new owner
  /// stops the former one.
  public String timersTransactionalId(int partition) {
    return prefix + "timers." + partition;
  }

  /// The transactional id of whoever redrives or discards dead letters: one in the whole fleet, so
  /// that who comes later stops who is at it.
  public String deadTransactionalId() {
    return prefix + "dead";
  }

  /// The transactional id of one worker.
  public String transactionalId(String worker) {
    return prefix + "worker." + worker;
  }
}
