package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Carries a deleted canvas to its end. First all that waits in its topics must have ended
/// ([#waits]); then the canvas is [#leave left]: no worker reads its topics from then on; when all
/// workers have heard of that, its topics are [#delete deleted]. What somebody has stored in
/// between, who had not heard of the deletion, is not lost: then the topics are read again.
///
/// A topic that it shares with others is waited for, too, but read on and never deleted: what comes
/// late of the deleted canvas ends there.
///
/// Its record stays, so that a canvas of the same name never gets a topic of the same name. For one
/// thread, and one turn: it looks through a shared topic once, for all canvases that it is asked
/// about.
public final class CanvasRemoval implements AutoCloseable {
  /// What stands in a topic that canvases share may be millions: it is not looked through in one
  /// go.
  private static final Duration LOOK_MAX = Duration.ofSeconds(5);

  private static final String POLL_RECORDS = "100";
  private static final Cause CAUSE = new Cause("nightshift", "nothing of it waits any more");

  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ControlWriter writer;
  private final Map<String, Standing> standing = new HashMap<>();

  private CanvasRemoval(
      TopicPlan plan,
      Cluster cluster,
      Admin admin,
      KafkaConsumer<byte[], byte[]> consumer,
      ControlWriter writer) {
    this.plan = plan;
    this.cluster = cluster;
    this.admin = admin;
    this.consumer = consumer;
    this.writer = writer;
  }

  /// Asks nothing of the cluster yet.
  ///
  /// @param timeout the longest wait for one answer
  /// @throws FleetException if the settings are wrong
  public static CanvasRemoval of(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    Cluster cluster = Cluster.of(clientConfig, timeout);
    try {
      return new CanvasRemoval(
          plan,
          cluster,
          Admin.create(ClientConfig.admin(clientConfig, Map.of())),
          Readers.open(
              clientConfig, Map.of("max.poll.records", POLL_RECORDS), new ByteArrayDeserializer()),
          new ControlWriter(clientConfig, plan, cluster));
    } catch (KafkaException e) {
      throw cluster.failure("connect to the fleet", e);
    }
  }

  /// Whether an event of a deleted canvas stands in one of its topics that has not ended; or may.
  public boolean waits(ControlView view, Canvas canvas) {
    return stands(view, canvas) != Stands.NOWHERE;
  }

  private enum Stands {
    NOWHERE,
    IN_SHARED,
    IN_OWN
  }

  /// Which canvases' events stand in a topic that canvases share.
  ///
  /// @param whole false if there was more than could be looked through: then any may
  private record Standing(Set<String> canvases, boolean whole) {
    boolean mayHold(Canvas canvas) {
      return !whole || canvases.contains(canvas.name());
    }
  }

  // The shared topic first: what is on its way from there to a lane is still seen there, or the
  // lane's end, which is read later, is with it. What goes the other way meanwhile, as an event of
  // a lane emits it, ends in the shared topic, as what comes late does.
  private Stands stands(ControlView view, Canvas canvas) {
    boolean inShared = canvas.shared() && standing(view, canvas).mayHold(canvas);
    Set<String> own = existing(view.topics(canvas));
    if (!own.isEmpty() && cluster.call("read " + own, () -> standsInOwn(own, canvas.group()))) {
      return Stands.IN_OWN;
    }
    return inShared ? Stands.IN_SHARED : Stands.NOWHERE;
  }

  private Standing standing(ControlView view, Canvas canvas) {
    String topic = canvas.topic();
    Standing seen = standing.get(topic);
    if (seen == null) {
      // If this fails, it is not tried again for each of the others.
      standing.put(topic, new Standing(Set.of(), false));
      seen =
          existing(Set.of(topic)).isEmpty()
              ? new Standing(Set.of(), true)
              : cluster.call("read " + topic, () -> lookAtShared(view, topic, canvas.group()));
      standing.put(topic, seen);
    }
    return seen;
  }

  private Standing lookAtShared(ControlView view, String topic, String group) {
    Set<String> known =
        view.canvasesOf(topic).stream().map(Canvas::name).collect(Collectors.toSet());
    assignFromBase(partitions(Set.of(topic)), group);
    Map<TopicPartition, Long> ends = ends();
    Set<String> canvases = new HashSet<>();
    boolean whole =
        lookTo(
            ends,
            record -> {
              Header claimed = record.headers().lastHeader(EventHeaders.CANVAS);
              if (claimed != null && claimed.value() != null) {
                String name = new String(claimed.value(), UTF_8);
                if (known.contains(name)) {
                  canvases.add(name);
                }
              }
              return true;
            });
    return new Standing(canvases, whole);
  }

  // All bases are read before any end: what is on its way from one to another is seen.
  private boolean standsInOwn(Set<String> topics, String group) {
    assignFromBase(partitions(topics), group);
    Map<TopicPartition, Long> ends = ends();
    boolean open = !allEnds(ends.keySet()).equals(ends);
    // What an open transaction has stored may come to count.
    return open || !lookTo(ends, record -> false);
  }

  private void assignFromBase(Collection<TopicPartition> partitions, String group) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        cluster.ask(
            "read the offsets of group " + group,
            () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata base = committed.get(partition);
      if (base != null) {
        consumer.seek(partition, base.offset());
      }
    }
  }

  // Of what is assigned.
  private Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(consumer.assignment(), cluster.timeout());
  }

  // Everything below the base has ended, and what stands at it has not. Marks of transactions take
  // offsets too, so it has to be read. False if a record told to stop, or there were too many.
  private boolean lookTo(
      Map<TopicPartition, Long> ends, Predicate<ConsumerRecord<byte[], byte[]>> goesOn) {
    long until = System.nanoTime() + LOOK_MAX.toNanos();
    while (!isAt(ends)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (!goesOn.test(record)) {
          return false;
        }
      }
      if (System.nanoTime() - until > 0) {
        return false;
      }
    }
    return true;
  }

  // With what transactions have stored that are open.
  private Map<TopicPartition, Long> allEnds(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
    partitions.forEach(partition -> ask.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    cluster
        .ask("ask for the ends of " + partitions, () -> admin.listOffsets(ask).all())
        .forEach((partition, found) -> ends.put(partition, found.offset()));
    return ends;
  }

  private boolean isAt(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey(), cluster.timeout()) >= end.getValue());
  }

  /// Has its topics read no more.
  public void leave(Canvas canvas) {
    Instant now = Instant.now();
    writer.write(
        "write the control record of canvas " + canvas.name(),
        ControlRecords.of(plan.control(), canvas.deleted(true), CAUSE.actor(), now));
  }

  /// Deletes its topics, which nobody may read any more, and takes away what is said of its queues.
  ///
  /// @return whether that was done; if not, something was stored meanwhile, and its topics are read
  ///   again
  public boolean delete(ControlView view, Canvas canvas) {
    Set<String> keys = view.keysOf(canvas);
    if (view.topics(canvas).isEmpty() && keys.isEmpty()) {
      return true;
    }
    Stands stands = stands(view, canvas);
    if (stands == Stands.IN_SHARED) {
      return false; // That is read anyway.
    }
    if (stands == Stands.IN_OWN) {
      writer.write(
          "write the control record of canvas " + canvas.name(),
          ControlRecords.of(plan.control(), canvas.deleted(false), CAUSE.actor(), Instant.now()));
      return false;
    }
    consumer.unsubscribe();
    Set<String> topics = existing(view.topics(canvas));
    if (!topics.isEmpty()) {
      cluster.ask("delete " + topics, () -> admin.deleteTopics(topics).all());
    }
    for (String key : keys) {
      writer.write("take away " + key, ControlRecords.tombstone(plan.control(), key));
    }
    return true;
  }

  /// Those of these topics that there are.
  public Set<String> existing(Collection<String> topics) {
    if (topics.isEmpty()) {
      return Set.of();
    }
    Set<String> all = cluster.ask("list topics", () -> admin.listTopics().names());
    return topics.stream().filter(all::contains).collect(Collectors.toSet());
  }

  private List<TopicPartition> partitions(Collection<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    cluster
        .ask("describe " + topics, () -> admin.describeTopics(topics).allTopicNames())
        .forEach((name, topic) ->
            topic
                .partitions()
                .forEach(each -> partitions.add(new TopicPartition(name, each.partition()))));
    return partitions;
  }

  @Override
  public void close() {
    writer.close();
    Readers.close(consumer);
    admin.close(Duration.ZERO);
  }
}
