package dev.nightshift.scheduler;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlLog;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.CronsLog;
import dev.nightshift.common.cron.CronsView;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleLog;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.events.SchedulerStatus;
import dev.nightshift.scheduler.internal.crons.CronDesk;
import dev.nightshift.scheduler.internal.crons.Overlaps;
import dev.nightshift.scheduler.internal.follow.Follower;
import dev.nightshift.scheduler.internal.follow.Membership;
import dev.nightshift.scheduler.internal.follow.Payloads;
import dev.nightshift.scheduler.internal.partition.Inbox;
import dev.nightshift.scheduler.internal.partition.Message;
import dev.nightshift.scheduler.internal.partition.PartitionThread;
import dev.nightshift.scheduler.internal.partition.Pulse;
import dev.nightshift.scheduler.internal.scale.ScaleCommand;
import dev.nightshift.scheduler.internal.scale.Scaler;
import dev.nightshift.scheduler.internal.timers.TimerBook;
import dev.nightshift.scheduler.internal.timers.TimerRecords;
import dev.nightshift.scheduler.internal.upkeep.Chore;
import dev.nightshift.scheduler.internal.upkeep.DeletedCrons;
import dev.nightshift.scheduler.internal.upkeep.EndedFlags;
import dev.nightshift.scheduler.internal.upkeep.RetentionGuard;
import dev.nightshift.scheduler.internal.upkeep.Trims;
import dev.nightshift.scheduler.internal.upkeep.Upkeep;
import dev.nightshift.worker.EndRecords;
import dev.nightshift.worker.MachineName;
import dev.nightshift.worker.Opened;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// A scheduler: emits events when they are due. Two or more may run; each knows all events that
/// wait, and the group of the schedulers decides who fires those of which partition. May be used by
/// many threads.
public final class Scheduler implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(30);

  /// How long a question may keep a partition's thread.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(3);

  /// How long before it is due an event's record is read.
  private static final Duration HORIZON = Duration.ofSeconds(60);

  /// The records of what is due soon may take this part of the heap, all partitions together.
  private static final int HEAP_PART = 8;

  private final Opened opened;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final List<PartitionThread> threads = new ArrayList<>();
  private final Membership membership;
  private final Follower follower;
  private final FollowedLog<Optional<ScaleDecision>> decisions;

  private Scheduler(SchedulerSettings settings, Consumer<SchedulerEvent> events, Opened opened) {
    this.opened = opened;
    Map<String, Object> client = settings.clientConfig();
    TopicPlan plan = settings.plan();
    int partitions;
    EndRecords ends;
    try (Fleet fleet = Fleet.of(client, plan, START_MAX)) {
      fleet.init(OptionalInt.empty());
      partitions = fleet.partitions(plan.delayed());
      ends =
          new EndRecords(
              plan,
              settings.name(),
              MachineName.of(System.getenv("HOSTNAME")),
              fleet.partitions(plan.traces()));
    }
    FollowedLog<ControlView> control = opened.keep(ControlLog.start(client, plan, START_MAX));
    FollowedLog<CronsView> crons = opened.keep(CronsLog.start(client, plan, START_MAX));
    Admin admin = admin(client);
    opened.keep(() -> admin.close(Duration.ZERO));
    Payloads payloads = opened.keep(Payloads.start(client, plan, settings.name(), this::failed));
    Cluster cluster = Cluster.of(client, ANSWER_MAX);
    Overlaps overlaps =
        opened.keep(Overlaps.start(client, plan, control::view, this::tell, this::failed));
    long bytesMax = Runtime.getRuntime().maxMemory() / HEAP_PART / partitions;
    for (int partition = 0; partition < partitions; partition++) {
      TopicPartition delayed = new TopicPartition(plan.delayed(), partition);
      TimerBook book =
          new TimerBook(
              new TimerRecords(plan, partition, ends),
              bytesMax,
              TimeUnit.NANOSECONDS.toMicros(HORIZON.toNanos()));
      CronDesk desk =
          new CronDesk(
              plan,
              new CronDesk.Parts(
                  partition,
                  partitions,
                  crons::view,
                  crons::readTo,
                  () -> end(cluster, admin, new TopicPartition(plan.schedules(), 0))),
              overlaps::ask);
      PartitionThread.Parts parts =
          new PartitionThread.Parts(
              partition,
              partitions,
              book,
              desk,
              () -> end(cluster, admin, delayed),
              this::member,
              payloads::ask,
              bytesMax,
              control,
              InstantSource.system(),
              events,
              this::failed);
      threads.add(opened.keep(PartitionThread.start(parts, client, plan, settings.name())));
    }
    List<Inbox> inboxes = threads.stream().map(PartitionThread::inbox).toList();
    Runnable changed = () -> inboxes.forEach(inbox -> inbox.post(new Message.ControlChanged()));
    control.onChange(changed);
    crons.onChange(changed);
    this.follower = opened.keep(Follower.start(client, plan, inboxes, events, this::failed));
    this.membership =
        opened.keep(Membership.of(client, plan, settings.name(), inboxes, events, this::failed));
    this.decisions = opened.keep(ScaleLog.start(client, plan, START_MAX));
    scale(settings, control, events);
    membership.start();
    opened.keep(
        Upkeep.start(
            new Upkeep.Parts(
                this::leads,
                settings.upkeep().every(),
                chores(settings, admin, control::view, crons::view, events),
                events,
                this::failed)));
  }

  private static List<Chore> chores(
      SchedulerSettings settings,
      Admin admin,
      Supplier<ControlView> control,
      Supplier<CronsView> crons,
      Consumer<SchedulerEvent> events) {
    Map<String, Object> client = settings.clientConfig();
    TopicPlan plan = settings.plan();
    Cluster cluster = Cluster.of(client, ANSWER_MAX);
    Supplier<Fleet> fleet = () -> Fleet.of(client, plan, ANSWER_MAX);
    InstantSource clock = InstantSource.system();
    return List.of(
        new Trims(new Trims.Parts(plan, cluster, admin, control, events)),
        new EndedFlags(new EndedFlags.Parts(control, fleet, clock, events)),
        new DeletedCrons(
            new DeletedCrons.Parts(
                control, crons, fleet, each -> Crons.of(client, plan, ANSWER_MAX, each), events)),
        new RetentionGuard(
            new RetentionGuard.Parts(
                plan,
                cluster,
                admin,
                control,
                settings.upkeep().repairRetention(),
                fleet,
                () -> BacklogReader.of(client, plan, ANSWER_MAX),
                clock,
                events)));
  }

  private void scale(
      SchedulerSettings settings,
      FollowedLog<ControlView> control,
      Consumer<SchedulerEvent> events) {
    ScaleSettings scale = settings.scale();
    Consumer<OptionalInt> change = wanted -> {};
    if (scale.command().isPresent()) {
      ScaleCommand command =
          ScaleCommand.start(
              Fleet.of(settings.clientConfig(), settings.plan(), ANSWER_MAX),
              settings.name(),
              ScaleSettings.words(scale.command().get()),
              events,
              this::failed);
      change = opened.keep(command)::want;
    }
    FollowedLog<WorkersView> workers =
        opened.keep(WorkersLog.start(settings.clientConfig(), settings.plan(), START_MAX));
    Scaler.Parts parts =
        new Scaler.Parts(
            settings.clientConfig(),
            settings.plan(),
            settings.name(),
            this::leads,
            control,
            workers,
            decisions,
            change,
            InstantSource.system(),
            events,
            this::failed);
    opened.keep(
        Scaler.start(
            parts, new Scaler.Pace(scale.every(), scale.coolDown(), scale.partitionsMax())));
  }

  /// Makes the fleet's topics where they are missing, reads the control log, and joins the
  /// schedulers' group. After a failure nothing is left open.
  ///
  /// @param events hears what happens, on any thread; must return at once
  /// @throws dev.nightshift.common.FleetException if the cluster cannot be used
  public static Scheduler start(SchedulerSettings settings, Consumer<SchedulerEvent> events) {
    Opened opened = new Opened();
    try {
      return new Scheduler(settings, events, opened);
    } catch (KafkaException e) {
      opened.closeAfter(e);
      throw Cluster.of(settings.clientConfig(), START_MAX).failure("start a scheduler", e);
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private static Admin admin(Map<String, Object> client) {
    return Admin.create(ClientConfig.admin(client, Map.of()));
  }

  // Below it stands all that a former owner wrote, also what other transactions hold back yet.
  private static long end(Cluster cluster, Admin admin, TopicPartition partition) {
    return cluster
        .ask(
            "ask for the end of " + partition,
            () ->
                admin
                    .listOffsets(
                        Map.of(partition, OffsetSpec.latest()),
                        new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .partitionResult(partition))
        .offset();
  }

  // Asked for only once the partition is this scheduler's.
  private Optional<ConsumerGroupMetadata> member() {
    return membership.member();
  }

  // What is done for the whole fleet is done by who has the first partition.
  private boolean leads() {
    return threads.getFirst().pulse().owned();
  }

  // Asked for only by the partitions' threads.
  private void tell(CronDesk.Question question, boolean running) {
    threads.get(question.partition()).inbox().post(new Message.Answered(question, running));
  }

  private void failed(Throwable cause) {
    ended.completeExceptionally(cause);
  }

  /// Works until it is told to stop.
  ///
  /// @throws SchedulerException if it cannot go on
  public void run() {
    try {
      ended.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SchedulerException(
          "the scheduler cannot go on: "
              + cause
              + ". Start it again; what is due meanwhile is fired by the others, or then",
          cause);
    }
  }

  /// Ends [#run].
  public void stop() {
    ended.complete(null);
  }

  /// How many workers are wanted, as whichever scheduler said last; empty if none ever did.
  public Optional<ScaleDecision> decision() {
    return decisions.view();
  }

  /// How it is.
  public SchedulerStatus status() {
    long now = System.nanoTime();
    long nowMicros = TimerBook.nowMicros(InstantSource.system().instant());
    List<Pulse> pulses = threads.stream().map(PartitionThread::pulse).toList();
    long overdue =
        pulses.stream()
            .filter(Pulse::owned)
            .flatMapToLong(pulse -> pulse.firstDueMicros().stream())
            .map(due -> Math.max(0, nowMicros - due))
            .max()
            .orElse(0);
    return new SchedulerStatus(
        membership.joined(),
        follower.caughtUp(),
        (int) pulses.stream().filter(Pulse::owned).count(),
        (int) pulses.stream().filter(Pulse::firing).count(),
        pulses.stream().mapToLong(Pulse::waiting).sum(),
        Duration.of(overdue, ChronoUnit.MICROS),
        Duration.ofNanos(pulses.stream().mapToLong(pulse -> now - pulse.nanos()).max().orElse(0)));
  }

  /// Finishes what is being written, leaves the group, ends its threads. Closing twice is safe.
  @Override
  public void close() {
    stop();
    opened.close();
  }
}
