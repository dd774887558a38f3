package dev.nightshift.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// What each of a fleet's topics must be like. Makes those that are missing, and refuses those that
/// are there and would lose something: somebody may have made them by hand, or the brokers'
/// defaults did. Safe for use by many threads.
final class FleetTopics {
  private static final int RETRY_PARTITIONS = 8;
  private static final int TRACE_PARTITIONS = 6;
  private static final int LANE_PARTITIONS = 6;
  private static final int DELAYED_PARTITIONS = 6;
  private static final int DEAD_PARTITIONS = 3;
  private static final String SEGMENT_BYTES = Integer.toString(64 << 20);

  /// What the retry and the dead topic take: an event as large as the brokers allow (1 MB unless
  /// told otherwise) with the headers that its lost attempts add.
  private static final String MOVED_BYTES_MAX = Integer.toString(8 << 20);

  /// A topic that was made a moment ago is not known to every broker yet.
  private static final Duration NEW_TOPIC_WAIT_MAX = Duration.ofSeconds(2);

  private static final Duration NEW_TOPIC_PAUSE = Duration.ofMillis(50);

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

  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;

  /// One topic.
  ///
  /// @param settings given to it when it is made
  /// @param musts those of the settings that one which is there must have, too
  /// @param otherwise what happens to a topic without them, for the message
  record Wanted(
      String name,
      int partitions,
      Map<String, String> settings,
      Set<String> musts,
      String otherwise) {}

  FleetTopics(TopicPlan plan, Cluster cluster, Admin admin) {
    this.plan = plan;
    this.cluster = cluster;
    this.admin = admin;
  }

  /// The fleet's own, canvases' topics not among them.
  List<Wanted> own() {
    String replaced = "records would replace each other";
    return List.of(
        new Wanted(
            plan.control(),
            1,
            Map.of(POLICY, "compact"),
            Set.of(POLICY),
            "canvases and flags would be forgotten"),
        waiting(plan.retry(), RETRY_PARTITIONS, large(KEEP)),
        new Wanted(
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
        new Wanted(
            plan.schedules(),
            1,
            Map.of(POLICY, "compact"),
            Set.of(POLICY),
            "crons would be forgotten"),
        new Wanted(plan.dead(), DEAD_PARTITIONS, large(days(30)), Set.of(POLICY), replaced),
        new Wanted(
            plan.deadDone(),
            1,
            Map.of(POLICY, "compact"),
            Set.of(POLICY),
            "dead letters that were redriven or discarded could be redriven again"),
        new Wanted(plan.traces(), TRACE_PARTITIONS, days(7), Set.of(POLICY), replaced),
        new Wanted(plan.audit(), 1, KEEP, Set.of(POLICY), replaced),
        new Wanted(
            plan.workers(),
            1,
            Map.of(
                POLICY,
                "compact,delete",
                AGE,
                Long.toString(Duration.ofDays(1).toMillis()),
                CLOCK,
                "LogAppendTime"),
            Set.of(CLOCK),
            "workers with different clocks would take each other for dead"),
        new Wanted(
            plan.scale(),
            1,
            Map.of(
                POLICY,
                "compact,delete",
                AGE,
                Long.toString(Duration.ofDays(1).toMillis()),
                CLOCK,
                "LogAppendTime"),
            Set.of(CLOCK),
            "a decision could not be told from one that nobody stands for any more"));
  }

  /// A canvas's topic.
  Wanted events(String name, int partitions) {
    return waiting(name, partitions, KEEP);
  }

  /// A queue's lane.
  Wanted lane(String name) {
    return waiting(name, LANE_PARTITIONS, large(KEEP));
  }

  private static Wanted waiting(String name, int partitions, Map<String, String> settings) {
    return new Wanted(
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

  /// Looks at those that are there; one request for all.
  ///
  /// @return those that are missing
  /// @throws FleetException.UnsuitableTopic if one is not as it must be; names all that are not
  List<Wanted> missing(List<Wanted> topics) {
    Map<String, Config> there = settings(topics);
    check(topics, there);
    return topics.stream().filter(topic -> !there.containsKey(topic.name())).toList();
  }

  /// Makes topics. One that somebody else makes at the same time is looked at as if it had been
  /// there.
  ///
  /// @param replication the brokers' default if empty, also of how many must be in sync
  /// @return the names of those that this call made
  Set<String> make(List<Wanted> missing, OptionalInt replication) {
    if (missing.isEmpty()) {
      return Set.of();
    }
    Set<String> made = new TreeSet<>();
    admin
        .createTopics(missing.stream().map(topic -> newTopic(topic, replication)).toList())
        .values()
        .forEach((name, future) -> {
          if (isMade(name, future)) {
            made.add(name);
          }
        });
    List<Wanted> others = missing.stream().filter(topic -> !made.contains(topic.name())).toList();
    if (!others.isEmpty()) {
      check(others, awaitSettings(others));
    }
    if (!made.isEmpty()) {
      new TopicLeaders(cluster, admin).await(awaitAll(made.size(), () -> partitions(made)));
    }
    return made;
  }

  /// With three copies or more two must be in sync to acknowledge. Where the number of copies is
  /// left to the brokers, so is this: it must fit a number that is not known here.
  static NewTopic newTopic(Wanted topic, OptionalInt replication) {
    Map<String, String> settings = new HashMap<>(topic.settings());
    settings.put("unclean.leader.election.enable", "false");
    settings.put("segment.bytes", SEGMENT_BYTES);
    Optional<Short> copies = Optional.empty();
    if (replication.isPresent()) {
      settings.put("min.insync.replicas", replication.getAsInt() >= 3 ? "2" : "1");
      copies = Optional.of((short) replication.getAsInt());
    }
    return new NewTopic(topic.name(), Optional.of(topic.partitions()), copies).configs(settings);
  }

  private boolean isMade(String name, KafkaFuture<Void> future) {
    try {
      cluster.await(future);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw cluster.failure("create topic " + name, e.getCause());
    } catch (TimeoutException e) {
      throw cluster.failure("create topic " + name, e);
    }
  }

  /// Deletes a topic that nobody uses.
  void delete(String name) {
    cluster.ask("delete topic " + name, () -> admin.deleteTopics(List.of(name)).all());
  }

  /// Gives a topic more partitions. Returns when their leaders serve them.
  void grow(String name, int partitions) {
    cluster.ask(
        "add partitions to topic " + name,
        () -> admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all());
    new TopicLeaders(cluster, admin).await(Map.of(name, partitions));
  }

  private Map<String, Config> awaitSettings(List<Wanted> topics) {
    Map<String, Config> found = awaitAll(topics.size(), () -> settings(topics));
    if (found.size() < topics.size()) {
      throw cluster.failure(
          "read the settings of topics that were made a moment ago",
          new UnknownTopicOrPartitionException("they are not there any more"));
    }
    return found;
  }

  /// Asks until there are as many answers as topics, or they are not there after all.
  private static <T> Map<String, T> awaitAll(int topics, Supplier<Map<String, T>> request) {
    long end = System.nanoTime() + NEW_TOPIC_WAIT_MAX.toNanos();
    while (true) {
      Map<String, T> found = request.get();
      if (found.size() == topics || System.nanoTime() - end >= 0) {
        return found;
      }
      LockSupport.parkNanos(NEW_TOPIC_PAUSE.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptException("interrupted while waiting for new topics");
      }
    }
  }

  // By name, without those that are not there.
  private Map<String, Config> settings(List<Wanted> topics) {
    List<ConfigResource> asked = topics.stream().map(topic -> resource(topic.name())).toList();
    Map<ConfigResource, KafkaFuture<Config>> answers = admin.describeConfigs(asked).values();
    Map<String, Config> found = new TreeMap<>();
    for (ConfigResource topic : asked) {
      settings(topic.name(), Objects.requireNonNull(answers.get(topic)))
          .ifPresent(settings -> found.put(topic.name(), settings));
    }
    return found;
  }

  private Optional<Config> settings(String name, KafkaFuture<Config> future) {
    try {
      return Optional.of(cluster.await(future));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw cluster.failure("read the settings of topic " + name, e.getCause());
    } catch (TimeoutException e) {
      throw cluster.failure("read the settings of topic " + name, e);
    }
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private void check(List<Wanted> topics, Map<String, Config> there) {
    List<String> problems = new ArrayList<>();
    for (Wanted topic : topics) {
      Config config = there.get(topic.name());
      if (config != null) {
        problem(topic, config)
            .map(problem -> problem.text("--bootstrap-server " + cluster.bootstrap()))
            .ifPresent(problems::add);
        if (topic.name().equals(plan.control())) {
          problemWithPartitions(topic).ifPresent(problems::add);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new FleetException.UnsuitableTopic(String.join("\n", problems));
    }
  }

  static Optional<TopicProblem> problem(Wanted topic, Config config) {
    Map<String, String> seen = new TreeMap<>();
    Map<String, String> wanted = new TreeMap<>();
    for (String must : topic.musts()) {
      String value = Objects.requireNonNull(config.get(must), must).value();
      String allowed = Objects.requireNonNull(topic.settings().get(must), must);
      if (!value.equals(allowed)) {
        seen.put(must, value);
        wanted.put(must, allowed);
      }
    }
    return seen.isEmpty()
        ? Optional.empty()
        : Optional.of(new TopicProblem(topic.name(), seen, wanted, topic.otherwise()));
  }

  // Its order is what makes the last record the last word.
  private Optional<String> problemWithPartitions(Wanted topic) {
    int seen = partitionsOf(topic.name()).orElse(topic.partitions());
    return seen == topic.partitions()
        ? Optional.empty()
        : Optional.of(
            "topic "
                + topic.name()
                + " cannot be used as it is: it has "
                + seen
                + " partitions, only "
                + topic.partitions()
                + " is allowed, and Kafka cannot take partitions away. Choose another topic prefix"
                + " or, if nobody uses this topic, delete it with: kafka-topics.sh"
                + " --bootstrap-server "
                + cluster.bootstrap()
                + " --delete --topic "
                + topic.name());
  }

  /// How many partitions a topic has that should be there.
  Optional<Integer> partitionsOf(String topic) {
    return Optional.ofNullable(awaitAll(1, () -> partitions(List.of(topic))).get(topic));
  }

  /// How many partitions a topic has.
  ///
  /// @throws FleetException.Refused if there is no such topic
  int existing(String topic) {
    return partitionsOf(topic)
        .orElseThrow(() ->
            cluster.failure(
                "describe topic " + topic,
                new UnknownTopicOrPartitionException("there is no such topic")));
  }

  /// How many partitions topics have; one request for all. Without those that are not there.
  Map<String, Integer> partitions(Collection<String> topics) {
    Map<String, Integer> found = new TreeMap<>();
    admin
        .describeTopics(topics)
        .topicNameValues()
        .forEach((name, future) -> {
          try {
            TopicDescription description = cluster.await(future);
            found.put(name, description.partitions().size());
          } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
              throw cluster.failure("describe topic " + name, e.getCause());
            }
          } catch (TimeoutException e) {
            throw cluster.failure("describe topic " + name, e);
          }
        });
    return found;
  }
}
