package dev.nightshift.common;

import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.record.FlagState;
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
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/// What admins do to a fleet: make its topics, create and delete canvases. Every call is idempotent
/// and safe to repeat; after a failure what was done so far stays and the next call goes on from
/// there. Safe for use by many threads.
public final class Fleet implements AutoCloseable {
  private static final int RETRY_PARTITIONS = 8;
  private static final int TRACE_PARTITIONS = 6;
  private static final int LANE_PARTITIONS = 6;
  private static final int DEAD_PARTITIONS = 3;
  private static final String SEGMENT_BYTES = Integer.toString(64 << 20);

  /// What the retry and the dead topic take: an event as large as the brokers allow (1 MB unless
  /// told otherwise) with the headers that its lost attempts add.
  private static final String MOVED_BYTES_MAX = Integer.toString(8 << 20);

  private final Map<String, Object> clientConfig;
  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;
  private final ControlWriter writer;
  private @Nullable ControlLog log;

  private Fleet(Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    this.clientConfig = clientConfig;
    this.plan = plan;
    this.cluster = Cluster.of(clientConfig, timeout);
    this.admin = Admin.create(ClientConfig.admin(clientConfig, Map.of()));
    this.writer = new ControlWriter(clientConfig, plan, cluster);
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
            topic(plan.traces(), TRACE_PARTITIONS, replication, days(7)),
            topic(plan.audit(), 1, replication, keep)));
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

  /// Makes a queue's lane: its topic, then its record. One that exists is left as it is. This is no
  /// change that anybody asked for, so it is not audited.
  public Lane createLane(Canvas canvas, String queue) {
    Optional<Lane> known = view().lane(canvas, queue);
    if (known.isPresent()) {
      return known.get();
    }
    String topic = plan.lane(canvas.name(), canvas.generation(), queue);
    Map<String, String> keep = Map.of("retention.ms", "-1", "retention.bytes", "-1");
    create(List.of(topic(topic, LANE_PARTITIONS, (short) -1, large(keep))));
    Lane lane = new Lane(canvas.name(), canvas.generation(), queue, topic, partitions(topic));
    writer.write(
        "write the control record of lane " + topic,
        ControlRecords.of(plan.control(), lane, Instant.now()));
    return lane;
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

  /// Sets a flag. One of the same kind on the same scope with the same end is left as it is; one
  /// with another end is replaced.
  ///
  /// @param until from then on it counts no more
  /// @throws FleetException.UnknownCanvas if the scope names a canvas that does not exist
  public FlagChange raise(FlagKind kind, Scope scope, Cause cause, Optional<Instant> until) {
    Found found = find(kind, scope);
    if (found.flags().stream().anyMatch(flag -> flag.until().equals(until))) {
      return new FlagChange(false, found.flags(), found.flags());
    }
    Instant now = Instant.now();
    Flag flag =
        new Flag(
            UUID.randomUUID().toString(),
            kind,
            scope,
            found.generation(),
            cause.actor(),
            cause.reason(),
            now,
            until);
    audit(kind == FlagKind.PAUSE ? "queue pause" : "queue block", found, List.of(flag), cause);
    write(flag, FlagState.SET, cause, now);
    found.flags().forEach(old -> write(old, FlagState.LIFTED, cause, now));
    return new FlagChange(true, found.flags(), List.of(flag));
  }

  /// Lifts the flags of one kind on exactly this scope, as many as there are when this is called:
  /// one that is set meanwhile stays.
  ///
  /// @throws FleetException.UnknownCanvas if the scope names a canvas that does not exist
  public FlagChange lift(FlagKind kind, Scope scope, Cause cause) {
    Found found = find(kind, scope);
    if (found.flags().isEmpty()) {
      return new FlagChange(false, List.of(), List.of());
    }
    audit(kind == FlagKind.PAUSE ? "queue resume" : "queue unblock", found, List.of(), cause);
    Instant now = Instant.now();
    found.flags().forEach(flag -> write(flag, FlagState.LIFTED, cause, now));
    return new FlagChange(true, found.flags(), List.of());
  }

  /// Everything the control log says at this moment.
  public ControlView view() {
    ControlLog following = log();
    if (!following.awaitFresh(cluster.timeout())) {
      String why = following.problem().orElse("it was not read to its end");
      throw cluster.unreachable(
          "read the control topic " + plan.control(),
          new org.apache.kafka.common.errors.TimeoutException(why));
    }
    return following.view();
  }

  /// The flags of a kind on exactly a scope, and the generation of its canvas.
  private record Found(Scope scope, int generation, List<Flag> flags) {}

  private Found find(FlagKind kind, Scope scope) {
    ControlView view = view();
    int generation = scope.canvas().map(name -> known(view, name).generation()).orElse(0);
    return new Found(
        scope, generation, view.flags().exactly(kind, scope, generation, Instant.now()));
  }

  private static Canvas known(ControlView view, String name) {
    return view.canvas(name)
        .filter(canvas -> !canvas.deleted())
        .orElseThrow(() ->
            new FleetException.UnknownCanvas(
                "there is no canvas "
                    + Names.quoted(name)
                    + "; see what there is with: nightshift canvas list"));
  }

  private void audit(String action, Found found, List<Flag> after, Cause cause) {
    writer.audit(
        new AuditRecord(
            Instant.now(),
            cause.actor(),
            action,
            found.scope().toString(),
            text(found.flags()),
            text(after),
            cause.reason()));
  }

  private static String text(List<Flag> flags) {
    return flags.isEmpty()
        ? "none"
        : flags.stream().map(Flag::text).collect(Collectors.joining("; "));
  }

  private void write(Flag flag, FlagState state, Cause cause, Instant now) {
    writer.write(
        "write the control record of a flag on " + flag.scope(),
        ControlRecords.of(plan.control(), flag, state, cause.actor(), now));
  }

  private Optional<Canvas> readCanvas(String name) {
    return view().canvas(name);
  }

  private synchronized ControlLog log() {
    if (log == null) {
      log = ControlLog.start(clientConfig, plan, cluster.timeout());
    }
    return log;
  }

  private void write(Canvas canvas, String actor) {
    writer.write(
        "write the control record of canvas " + canvas.name(),
        ControlRecords.of(plan.control(), canvas, actor, Instant.now()));
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
    writer.close();
    synchronized (this) {
      if (log != null) {
        log.close();
      }
    }
    admin.close(Duration.ofSeconds(1));
  }
}
