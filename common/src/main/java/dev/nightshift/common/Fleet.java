package dev.nightshift.common;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What admins do to a fleet: make its topics, create and delete canvases. Every call is idempotent
/// and safe to repeat; after a failure what was done so far stays and the next call goes on from
/// there. Safe for use by many threads.
public final class Fleet implements AutoCloseable {
  private static final int RETRY_PARTITIONS = 8;
  private static final int TRACE_PARTITIONS = 6;
  private static final int DEAD_PARTITIONS = 3;
  private static final String SEGMENT_BYTES = Integer.toString(64 << 20);

  /// What the retry and the dead topic take: an event as large as the brokers allow (1 MB unless
  /// told otherwise) with the headers that its lost attempts add.
  private static final String MOVED_BYTES_MAX = Integer.toString(8 << 20);

  private final Map<String, Object> clientConfig;
  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;

  private Fleet(Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    this.clientConfig = clientConfig;
    this.plan = plan;
    this.cluster = Cluster.of(clientConfig, timeout);
    this.admin = Admin.create(ClientConfig.admin(clientConfig, Map.of()));
  }

  /// A fleet on a cluster; nothing is asked of it yet.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait for one answer
  public static Fleet of(Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    try {
      return new Fleet(Map.copyOf(clientConfig), plan, timeout);
    } catch (org.apache.kafka.common.KafkaException e) {
      throw Cluster.of(clientConfig, timeout).failure("connect to the fleet", e);
    }
  }

  /// Makes the fleet's own topics where they are missing.
  ///
  /// @param replication copies of each partition, from 1; with three or more, two must be in sync
  ///   to acknowledge
  public void init(short replication) {
    Map<String, String> keep = Map.of("retention.ms", "-1", "retention.bytes", "-1");
    create(
        List.of(
            topic(plan.control(), 1, replication, Map.of("cleanup.policy", "compact")),
            topic(plan.retry(), RETRY_PARTITIONS, replication, large(keep)),
            topic(plan.dead(), DEAD_PARTITIONS, replication, large(days(30))),
            topic(plan.traces(), TRACE_PARTITIONS, replication, days(7))));
  }

  /// Creates a canvas: its topic, then its record. One that exists is left as it is.
  ///
  /// @param partitions of its event topic
  /// @return the canvas as it is now
  /// @throws FleetException.InvalidName if the name is not allowed
  public Canvas createCanvas(String name, int partitions, short replication, String actor) {
    Names.problemWithCanvas(name)
        .ifPresent(problem -> {
          throw new FleetException.InvalidName(problem);
        });
    Optional<Canvas> known = readCanvas(name);
    if (known.isPresent() && !known.get().deleted()) {
      return known.get();
    }
    int generation = known.map(Canvas::generation).orElse(0) + 1;
    Canvas canvas =
        new Canvas(name, generation, plan.events(name, generation), plan.workersGroup(), false);
    Map<String, String> keep = Map.of("retention.ms", "-1", "retention.bytes", "-1");
    create(List.of(topic(canvas.topic(), partitions, replication, keep)));
    write(canvas, actor);
    return readCanvas(name).orElse(canvas);
  }

  /// Deletes a canvas: nothing may be emitted any more, what waits ends as `canvas_deleted`.
  ///
  /// @throws FleetException.UnknownCanvas if there is none
  public Canvas deleteCanvas(String name, String actor) {
    Canvas known =
        readCanvas(name)
            .orElseThrow(() ->
                new FleetException.UnknownCanvas(
                    "there is no canvas " + Names.quoted(name) + " to delete"));
    if (known.deleted()) {
      return known;
    }
    Canvas deleted =
        new Canvas(known.name(), known.generation(), known.topic(), known.group(), true);
    write(deleted, actor);
    return deleted;
  }

  /// How many partitions a topic has.
  public int partitions(String topic) {
    return cluster
        .ask(
            "describe topic " + topic,
            () ->
                Objects.requireNonNull(
                    admin.describeTopics(List.of(topic)).topicNameValues().get(topic)))
        .partitions()
        .size();
  }

  private Optional<Canvas> readCanvas(String name) {
    try (ControlLog log = ControlLog.start(clientConfig, plan, cluster.timeout())) {
      return log.view().canvas(name);
    }
  }

  private void write(Canvas canvas, String actor) {
    String doing = "write the control record of canvas " + canvas.name();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            ClientConfig.producer(
                clientConfig,
                Map.of(
                    "acks", "all",
                    "enable.idempotence", "true",
                    "linger.ms", "0",
                    "max.block.ms", Long.toString(cluster.timeout().toMillis()))),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(ControlRecords.of(plan.control(), canvas, actor, Instant.now()))
          .get(cluster.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw cluster.failure(doing, e.getCause());
    } catch (TimeoutException | org.apache.kafka.common.KafkaException e) {
      throw cluster.failure(doing, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void create(List<NewTopic> topics) {
    Set<String> there = new HashSet<>(cluster.ask("list topics", () -> admin.listTopics().names()));
    List<NewTopic> missing = new ArrayList<>(topics);
    missing.removeIf(topic -> there.contains(topic.name()));
    if (missing.isEmpty()) {
      return;
    }
    Map<String, KafkaFuture<Void>> made = admin.createTopics(missing).values();
    made.forEach((name, future) -> await(name, future));
  }

  private void await(String topic, KafkaFuture<Void> made) {
    try {
      made.get(cluster.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw cluster.failure("create topic " + topic, e.getCause());
      }
    } catch (TimeoutException e) {
      throw cluster.failure("create topic " + topic, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static NewTopic topic(
      String name, int partitions, short replication, Map<String, String> more) {
    Map<String, String> configs = new HashMap<>(more);
    configs.put("min.insync.replicas", replication >= 3 ? "2" : "1");
    configs.put("unclean.leader.election.enable", "false");
    configs.put("segment.bytes", SEGMENT_BYTES);
    return new NewTopic(name, partitions, replication).configs(configs);
  }

  private static Map<String, String> days(int days) {
    return Map.of("retention.ms", Long.toString(Duration.ofDays(days).toMillis()));
  }

  private static Map<String, String> large(Map<String, String> configs) {
    Map<String, String> more = new HashMap<>(configs);
    more.put("max.message.bytes", MOVED_BYTES_MAX);
    return more;
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
