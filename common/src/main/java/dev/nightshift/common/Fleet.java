package dev.nightshift.common;

import dev.nightshift.common.record.AuditRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/// What admins do to a fleet: make its topics, create and delete canvases, set and lift flags.
/// Every call is idempotent and safe to repeat; after a failure what was done so far stays and the
/// next call goes on from there. Safe for use by many threads.
public final class Fleet implements AutoCloseable {
  /// The most partitions that a canvas's topic is made with.
  public static final int PARTITIONS_MAX = 10_000;

  /// The most copies of a partition that may be asked for; how many brokers there are decides.
  public static final int REPLICATION_MAX = Short.MAX_VALUE;

  // A broker answers one question of a connection after the other: who wants to know what the log
  // says now waits until the broker has given up waiting for news.
  private static final String FETCH_WAIT_MAX_MILLIS = "50";

  private final Map<String, Object> clientConfig;
  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;
  private final FleetTopics topics;
  private final ControlWriter writer;
  private final FleetCanvases canvases;
  private final FleetFlags flags;
  private final FleetBreakers breakers;
  private final InstantSource clock;
  private @Nullable FollowedLog<ControlView> log;

  private Fleet(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout, InstantSource clock) {
    this.clock = clock;
    this.clientConfig = clientConfig;
    this.plan = plan;
    this.cluster = Cluster.of(clientConfig, timeout);
    this.admin = Admin.create(ClientConfig.admin(clientConfig, Map.of()));
    this.topics = new FleetTopics(plan, cluster, admin);
    this.writer = new ControlWriter(clientConfig, plan, cluster);
    this.canvases = new FleetCanvases(plan, topics, this::view, writer, clock);
    this.flags = new FleetFlags(plan, this::view, writer, clock);
    this.breakers = new FleetBreakers(plan, this::view, writer, clock);
  }

  /// A fleet on a cluster; nothing is asked of it yet.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait for one answer
  public static Fleet of(Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    return of(clientConfig, plan, timeout, InstantSource.system());
  }

  static Fleet of(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout, InstantSource clock) {
    try {
      return new Fleet(Map.copyOf(clientConfig), plan, timeout, clock);
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
    return topics.make(topics.missing(WantedTopics.own(plan)), replication);
  }

  /// Creates a canvas: notes it in the audit, makes its topic, writes its record. One that exists
  /// is left as it is, but its topic is looked at.
  ///
  /// @param partitions of its event topic, from 1 to [#PARTITIONS_MAX]
  /// @param replication as in [#init]
  /// @throws FleetException.InvalidName if the name is not allowed
  /// @throws FleetException.UnsuitableTopic if its topic is there and would lose events
  public CanvasChange createCanvas(
      String name, int partitions, OptionalInt replication, Cause cause) {
    return createCanvas(name, CanvasTopic.own(partitions, replication), cause);
  }

  /// Creates a canvas, as [#createCanvas(String, int, OptionalInt, Cause)] does, whose topic may be
  /// one that it shares.
  ///
  /// @throws FleetException.Refused if a former canvas of that name shared the same topic: what was
  ///   emitted into that one may still be there, and would be taken for this one's
  public CanvasChange createCanvas(String name, CanvasTopic topic, Cause cause) {
    return canvases.create(name, topic, cause);
  }

  /// Deletes a canvas: nothing may be emitted any more, what waits ends as `canvas_deleted`. One
  /// that is deleted is left as it is.
  ///
  /// @throws FleetException.UnknownCanvas if there was none
  public CanvasChange deleteCanvas(String name, Cause cause) {
    return deleteCanvas(name, "", cause);
  }

  /// Deletes a canvas, as [#deleteCanvas(String, Cause)] does.
  ///
  /// @param with what goes with it, for the audit: `its 2 crons`; may be empty
  public CanvasChange deleteCanvas(String name, String with, Cause cause) {
    return canvases.delete(canvas(name), with, cause);
  }

  /// Gives a canvas's event topic more partitions; one that has as many is left as it is. Events
  /// are in no order, so those that wait stay where they are and run there.
  ///
  /// @param partitions from 1 to [#PARTITIONS_MAX]
  /// @return whether it had fewer
  public boolean addPartitions(Canvas canvas, int partitions, Cause cause) {
    return canvases.grow(canvas, partitions, cause);
  }

  /// A canvas's newest generation at this moment, deleted or not.
  ///
  /// @throws FleetException.UnknownCanvas if there was none
  public Canvas canvas(String name) {
    ControlView view = view();
    return view.canvas(name).orElseThrow(() -> unknown(view, name));
  }

  /// A canvas that exists at this moment.
  ///
  /// @throws FleetException.UnknownCanvas if there is none, or it was deleted
  public Canvas existing(String name) {
    return known(view(), name);
  }

  /// Makes a queue's lane: its topic, then its record. One that exists is left as it is. This is no
  /// change that anybody asked for, so it is not audited.
  ///
  /// @throws FleetException.UnsuitableTopic if its topic is there and would lose events
  /// @throws FleetException.UnknownCanvas if the canvas is deleted: its lanes may be, too, and no
  ///   name of a topic is used twice
  public Lane createLane(Canvas canvas, String queue) {
    return canvases.lane(canvas, queue);
  }

  Lane makeLane(Canvas canvas, String queue) {
    return canvases.makeLane(canvas, queue);
  }

  /// How many partitions a topic has. One that was made a moment ago is waited for.
  ///
  /// @throws FleetException.Refused if there is no such topic
  public int partitions(String topic) {
    return topics.existing(topic);
  }

  /// How many partitions topics have; one request for all. Those that are not there are left out.
  public Map<String, Integer> partitions(Collection<String> names) {
    return topics.partitions(names);
  }

  /// Sets a flag. One of the same kind on the same scope with the same end is left as it is; one
  /// with another end is replaced. Two processes that set the same at once may both do so; whoever
  /// lifts it lifts both.
  ///
  /// @param until from then on it counts no more; after now, whole microseconds of it count
  /// @throws FleetException.InvalidValue if it would not count even now
  /// @throws FleetException.UnknownCanvas if the scope names a canvas that does not exist
  public FlagChange raise(FlagKind kind, Scope scope, Cause cause, Optional<Instant> until) {
    return flags.raise(kind, scope, cause, until);
  }

  /// Lifts the flags of one kind on exactly this scope, as many as there are when this is called:
  /// one that is set meanwhile stays.
  ///
  /// @throws FleetException.UnknownCanvas if the scope names a canvas that does not exist
  public FlagChange lift(FlagKind kind, Scope scope, Cause cause) {
    return flags.lift(kind, scope, cause);
  }

  /// Lifts flags that count no more by themselves, so that their records go: each by its own
  /// record, so that one that is set anew meanwhile stays. Who does the same at once does no harm.
  ///
  /// @param by those that count no more since then; long enough ago for clocks that differ
  /// @param most how many at most
  /// @return those that were lifted
  public List<Flag> liftEnded(Instant by, int most, Cause cause) {
    return flags.liftEnded(by, most, cause);
  }

  /// Takes away the records of flags that were lifted, which is no change of flags. Who does the
  /// same at once does no harm.
  ///
  /// @param by those that were lifted until then; long enough ago that nobody sets them again
  /// @param most how many at most
  public void forgetLifted(Instant by, int most) {
    flags.forgetLifted(by, most);
  }

  /// Its queues' breakers.
  public FleetBreakers breakers() {
    return breakers;
  }

  /// Limits a queue in the whole fleet, instead of the limit that it had.
  ///
  /// @param wanted the queue's canvas must exist; its generation is not looked at
  /// @throws FleetException.UnknownCanvas if there is no such canvas
  public LimitChange limit(Limit wanted, Cause cause) {
    Instant now = clock.instant();
    ControlView view = view();
    Canvas canvas = known(view, wanted.canvas());
    Limit limit =
        new Limit(
            canvas.name(),
            canvas.generation(),
            wanted.queue(),
            wanted.concurrency(),
            wanted.perSecond(),
            wanted.timeout());
    Optional<Limit> before = view.limit(canvas, wanted.queue());
    if (before.map(limit::equals).orElse(limit.none())) {
      return new LimitChange(false, before, limit);
    }
    audit(
        "queue limit",
        limit.canvas() + "/" + limit.queue(),
        before.map(Limit::text).orElse("none"),
        limit.text(),
        cause,
        now);
    writer.write(
        "write the control record of a limit on " + limit.canvas() + "/" + limit.queue(),
        ControlRecords.of(plan.control(), limit, cause, now));
    return new LimitChange(true, before, limit);
  }

  /// Tells a worker, or all that are not told by name, how many handlers to run at once.
  ///
  /// @param wanted of a worker that need not live
  public ConcurrencyChange concurrency(Concurrency wanted, Cause cause) {
    Instant now = clock.instant();
    Concurrency before =
        view().exactly(wanted.worker()).orElse(new Concurrency(wanted.worker(), Optional.empty()));
    if (before.equals(wanted)) {
      return new ConcurrencyChange(false, before, wanted);
    }
    audit("workers set", wanted.worker(), before.text(), wanted.text(), cause, now);
    writer.write(
        "write the control record of the concurrency of " + wanted.worker(),
        ControlRecords.of(plan.control(), wanted, cause, now));
    return new ConcurrencyChange(true, before, wanted);
  }

  /// Tells the schedulers between which numbers of workers to decide.
  public ScaleBoundsChange scaleBounds(ScaleBounds wanted, Cause cause) {
    Instant now = clock.instant();
    ScaleBounds before = view().scaleBounds();
    if (before.equals(wanted)) {
      return new ScaleBoundsChange(false, before, wanted);
    }
    audit("scale set", "workers", before.text(), wanted.text(), cause, now);
    writer.write(
        "write the control record of the bounds of scaling",
        ControlRecords.of(plan.control(), wanted, cause, now));
    return new ScaleBoundsChange(true, before, wanted);
  }

  /// Everything the control log says at this moment.
  public ControlView view() {
    return cluster.fresh(log(), "read the control topic " + plan.control());
  }

  /// What the control log said a moment ago, without waiting; for who asks again and again, after a
  /// first [#view].
  public ControlView latest() {
    return log().view();
  }

  /// A canvas that exists.
  ///
  /// @throws FleetException.UnknownCanvas if it does not
  static Canvas known(ControlView view, String name) {
    return view.canvas(name)
        .filter(canvas -> !canvas.deleted())
        .orElseThrow(() -> unknown(view, name));
  }

  /// What to throw where there is no such canvas: it says that it was deleted, or names the one
  /// that was probably meant.
  public static FleetException.UnknownCanvas unknown(ControlView view, String name) {
    Optional<Canvas> deleted = view.canvas(name).filter(Canvas::deleted);
    if (deleted.isPresent()) {
      return new FleetException.UnknownCanvas(deleted.get().deletedText());
    }
    List<String> names =
        view.canvases().stream().filter(each -> !each.deleted()).map(Canvas::name).toList();
    return new FleetException.UnknownCanvas(
        "there is no canvas "
            + Names.quoted(name)
            + (names.isEmpty()
                ? ", nor any other; create one with: nightshift canvas create NAME"
                : Nearest.to(name, names)
                        .filter(near -> Nearest.distance(name, near) <= name.length() / 2)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(".")
                    + " See them with: nightshift canvas list"));
  }

  /// Notes in the audit that a change is about to be made; returns when Kafka has it durably.
  ///
  /// @param action as the command line names it
  /// @param target what is changed, such as `CANVAS/QUEUE`
  public void audit(String action, String target, String before, String after, Cause cause) {
    audit(action, target, before, after, cause, clock.instant());
  }

  private void audit(
      String action, String target, String before, String after, Cause cause, Instant now) {
    writer.audit(
        new AuditRecord(now, cause.actor(), action, target, before, after, cause.reason()));
  }

  private synchronized FollowedLog<ControlView> log() {
    if (log == null) {
      Map<String, Object> config = new HashMap<>(clientConfig);
      config.putIfAbsent("fetch.max.wait.ms", FETCH_WAIT_MAX_MILLIS);
      log = ControlLog.start(config, plan, cluster.timeout());
    }
    return log;
  }

  static void checkRange(String what, OptionalInt value, int most) {
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
