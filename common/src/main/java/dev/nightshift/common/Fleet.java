package dev.nightshift.common;

import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.record.FlagState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// What admins do to a fleet: make its topics, create and delete canvases. Every call is idempotent
/// and safe to repeat; after a failure what was done so far stays and the next call goes on from
/// there. Safe for use by many threads.
public final class Fleet implements AutoCloseable {
  /// The most partitions that a canvas's topic is made with.
  public static final int PARTITIONS_MAX = 10_000;

  /// The most copies of a partition that may be asked for; how many brokers there are decides.
  public static final int REPLICATION_MAX = Short.MAX_VALUE;

  private final Map<String, Object> clientConfig;
  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;
  private final FleetTopics topics;
  private final ControlWriter writer;
  private @Nullable ControlLog log;

  private Fleet(Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    this.clientConfig = clientConfig;
    this.plan = plan;
    this.cluster = Cluster.of(clientConfig, timeout);
    this.admin = Admin.create(ClientConfig.admin(clientConfig, Map.of()));
    this.topics = new FleetTopics(plan, cluster, admin);
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

  /// Makes the fleet's own topics where they are missing, and looks at those that are there.
  ///
  /// @param replication copies of each partition, from 1: with three or more, two must be in sync
  ///   to acknowledge. Empty for what the brokers do by default, in both
  /// @return the topics that were made, by name
  /// @throws FleetException.UnsuitableTopic if one that is there would lose something; none was
  ///   made
  public Set<String> init(OptionalInt replication) {
    checkRange("replication", replication, REPLICATION_MAX);
    return topics.make(topics.missing(topics.own()), replication);
  }

  /// Creates a canvas: its topic, then its record. One that exists is left as it is, but its topic
  /// is looked at.
  ///
  /// @param partitions of its event topic, from 1 to [#PARTITIONS_MAX]
  /// @param replication as in [#init]
  /// @return the canvas as it is now
  /// @throws FleetException.InvalidName if the name is not allowed
  /// @throws FleetException.UnsuitableTopic if its topic is there and would lose events
  public Canvas createCanvas(String name, int partitions, OptionalInt replication, String actor) {
    Names.problemWithCanvas(name)
        .ifPresent(problem -> {
          throw new FleetException.InvalidName(problem);
        });
    checkRange("partitions", OptionalInt.of(partitions), PARTITIONS_MAX);
    checkRange("replication", replication, REPLICATION_MAX);
    Optional<Canvas> known = readCanvas(name);
    boolean exists = known.isPresent() && !known.get().deleted();
    Canvas canvas = exists ? known.get() : next(name, known);
    List<FleetTopics.Wanted> missing =
        topics.missing(List.of(topics.events(canvas.topic(), partitions)));
    if (exists) {
      return canvas;
    }
    topics.make(missing, replication);
    write(canvas, actor);
    return readCanvas(name).orElse(canvas);
  }

  private Canvas next(String name, Optional<Canvas> known) {
    int generation = known.map(Canvas::generation).orElse(0) + 1;
    return new Canvas(name, generation, plan.events(name, generation), plan.workersGroup(), false);
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

  /// How many partitions a topic has. One that was made a moment ago is waited for.
  ///
  /// @throws FleetException.Refused if there is no such topic
  public int partitions(String topic) {
    return topics
        .partitionsOf(topic)
        .orElseThrow(() ->
            cluster.failure(
                "describe topic " + topic,
                new UnknownTopicOrPartitionException("there is no such topic")));
  }

  /// How many partitions topics have; one request for all. Those that are not there are left out.
  public Map<String, Integer> partitions(Collection<String> names) {
    return topics.partitions(names);
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

  private static void checkRange(String what, OptionalInt value, int most) {
    if (value.isPresent() && (value.getAsInt() < 1 || value.getAsInt() > most)) {
      throw new FleetException.InvalidValue(
          what + " " + value.getAsInt() + " is not allowed: from 1 to " + most);
    }
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
