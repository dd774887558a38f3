package dev.nightshift.common;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What each of a fleet's topics must be like. Pure.
final class WantedTopics {
  private static final int RETRY_PARTITIONS = 8;
  private static final int TRACE_PARTITIONS = 6;
  private static final int LANE_PARTITIONS = 6;
  private static final int DELAYED_PARTITIONS = 6;
  private static final int DEAD_PARTITIONS = 3;

  /// What the retry and the dead topic take: an event as large as the brokers allow (1 MB unless
  /// told otherwise) with the headers that its lost attempts add.
  private static final String MOVED_BYTES_MAX = Integer.toString(8 << 20);

  /// A scheduler that starts reads the delayed topic within this time, or it could see an event and
  /// not that it ended.
  private static final Duration ENDED_TIMER_KEPT = Duration.ofHours(1);

  /// For so long an event is still there beside the record that cancels it, so that a scheduler
  /// which reads both can tell an event that was cancelled from one that was over before.
  private static final Duration CANCELLED_TIMER_KEPT = Duration.ofHours(1);

  /// Only whole segments go when their topic is trimmed or compacted, and not the one that is
  /// written: without this a topic with few events would keep a week of them.
  private static final String SEGMENT_MILLIS = Long.toString(Duration.ofHours(1).toMillis());

  private static final String POLICY = "cleanup.policy";
  private static final String AGE = "retention.ms";
  private static final String SIZE = "retention.bytes";
  private static final String SEGMENT_AGE = "segment.ms";
  private static final String CLOCK = "message.timestamp.type";
  private static final Map<String, String> KEEP = Map.of(POLICY, "delete", AGE, "-1", SIZE, "-1");

  private WantedTopics() {}

  /// The fleet's own, canvases' topics not among them.
  static List<WantedTopic> own(TopicPlan plan) {
    String replaced = "records would replace each other";
    return List.of(
        compacted(plan.control(), "canvases and flags would be forgotten"),
        waiting(plan.retry(), RETRY_PARTITIONS, large(KEEP)),
        new WantedTopic(
            plan.delayed(),
            DELAYED_PARTITIONS,
            large(
                Map.of(
                    POLICY,
                    "compact",
                    "min.cleanable.dirty.ratio",
                    "0.3",
                    "delete.retention.ms",
                    Long.toString(ENDED_TIMER_KEPT.toMillis()),
                    "min.compaction.lag.ms",
                    Long.toString(CANCELLED_TIMER_KEPT.toMillis()),
                    SEGMENT_AGE,
                    SEGMENT_MILLIS)),
            Set.of(POLICY),
            "events that are due in a year would hold up what is trimmed, or be removed before"),
        compacted(plan.schedules(), "crons would be forgotten"),
        new WantedTopic(plan.dead(), DEAD_PARTITIONS, large(days(30)), Set.of(POLICY), replaced),
        compacted(
            plan.deadDone(),
            "dead letters that were redriven or discarded could be redriven again"),
        new WantedTopic(plan.traces(), TRACE_PARTITIONS, days(7), Set.of(POLICY), replaced),
        new WantedTopic(plan.audit(), 1, KEEP, Set.of(POLICY), replaced),
        ofToday(plan.workers(), "workers with different clocks would take each other for dead"),
        ofToday(
            plan.scale(), "a decision could not be told from one that nobody stands for any more"));
  }

  /// A canvas's topic.
  static WantedTopic events(String name, int partitions) {
    return waiting(name, partitions, KEEP);
  }

  /// A queue's lane.
  static WantedTopic lane(String name) {
    return waiting(name, LANE_PARTITIONS, large(KEEP));
  }

  // Of each key the last record.
  private static WantedTopic compacted(String name, String otherwise) {
    return new WantedTopic(name, 1, Map.of(POLICY, "compact"), Set.of(POLICY), otherwise);
  }

  // What processes say of themselves counts for as long as the brokers' clock says.
  private static WantedTopic ofToday(String name, String otherwise) {
    Map<String, String> settings =
        Map.of(
            POLICY,
            "compact,delete",
            AGE,
            Long.toString(Duration.ofDays(1).toMillis()),
            CLOCK,
            "LogAppendTime");
    return new WantedTopic(name, 1, settings, Set.of(CLOCK), otherwise);
  }

  private static WantedTopic waiting(String name, int partitions, Map<String, String> settings) {
    return new WantedTopic(
        name,
        partitions,
        with(settings, SEGMENT_AGE, SEGMENT_MILLIS),
        Set.of(POLICY, AGE, SIZE),
        "events would be removed before they ran");
  }

  private static Map<String, String> days(int days) {
    return Map.of(POLICY, "delete", AGE, Long.toString(Duration.ofDays(days).toMillis()));
  }

  private static Map<String, String> large(Map<String, String> settings) {
    return with(settings, "max.message.bytes", MOVED_BYTES_MAX);
  }

  private static Map<String, String> with(Map<String, String> settings, String name, String value) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(name, value);
    return more;
  }
}
