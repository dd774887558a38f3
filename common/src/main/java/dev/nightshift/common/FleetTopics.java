package dev.nightshift.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Makes a fleet's topics that are missing, and refuses those that are there and would lose
/// something: somebody may have made them by hand, or the brokers' defaults did. Safe for use by
/// many threads.
final class FleetTopics {
  /// A topic that was made a moment ago is not known to every broker yet.
  private static final Duration NEW_TOPIC_WAIT_MAX = Duration.ofSeconds(2);

  private static final Duration NEW_TOPIC_PAUSE = Duration.ofMillis(50);

  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;

  FleetTopics(TopicPlan plan, Cluster cluster, Admin admin) {
    this.plan = plan;
    this.cluster = cluster;
    this.admin = admin;
  }

  /// Looks at those that are there; one request for all.
  ///
  /// @return those that are missing
  /// @throws FleetException.UnsuitableTopic if one is not as it must be; names all that are not
  List<WantedTopic> missing(List<WantedTopic> topics) {
    Map<String, Config> there = settings(topics);
    check(topics, there);
    return topics.stream().filter(topic -> !there.containsKey(topic.name())).toList();
  }

  /// Makes topics. One that somebody else makes at the same time is looked at as if it had been
  /// there.
  ///
  /// @param replication the brokers' default if empty, also of how many must be in sync
  /// @return the names of those that this call made
  Set<String> make(List<WantedTopic> missing, OptionalInt replication) {
    if (missing.isEmpty()) {
      return Set.of();
    }
    Set<String> made = new TreeSet<>();
    admin
        .createTopics(missing.stream().map(topic -> topic.toMake(replication)).toList())
        .values()
        .forEach((name, future) -> {
          if (isMade(name, future)) {
            made.add(name);
          }
        });
    List<WantedTopic> others =
        missing.stream().filter(topic -> !made.contains(topic.name())).toList();
    if (!others.isEmpty()) {
      check(others, awaitSettings(others));
    }
    if (!made.isEmpty()) {
      new TopicLeaders(cluster, admin).await(awaitAll(made.size(), () -> partitions(made)));
    }
    return made;
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

  private Map<String, Config> awaitSettings(List<WantedTopic> topics) {
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
  private Map<String, Config> settings(List<WantedTopic> topics) {
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

  private void check(List<WantedTopic> topics, Map<String, Config> there) {
    List<String> problems = new ArrayList<>();
    for (WantedTopic topic : topics) {
      Config config = there.get(topic.name());
      if (config != null) {
        topic
            .problem(config)
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

  // Its order is what makes the last record the last word.
  private Optional<String> problemWithPartitions(WantedTopic topic) {
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
