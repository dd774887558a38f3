package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.ControlWriter;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkersView;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleFigures;
import dev.nightshift.common.scale.ScaleLog;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.thread.OwnThread;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Looks every few seconds what there is to do, decides how many workers are wanted, and says so,
/// while the first partition of the delayed topic is this scheduler's. Its own thread does all of
/// it. A scheduler that stood still may say something once after another one has taken over; the
/// next says it right within seconds.
public final class Scaler implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /// New partitions show what they are good for when everybody has heard of them; and what Kafka
  /// refuses is not asked for again and again.
  private static final Duration GROW_EVERY = Duration.ofMinutes(10);

  private static final Duration END_MAX = Duration.ofSeconds(1);

  private final Parts parts;
  private final Pace pace;
  private final ScaleRule rule;
  private final PartitionRule partitionRule;
  private final Sampling sampling;
  private final Fleet fleet;
  private final ControlWriter writer;
  private final OwnThread thread;

  // The thread's own.
  private @Nullable BacklogReader reader;
  private @Nullable ScaleState state;
  private Instant since = Instant.EPOCH;
  private boolean failing;
  private final Map<String, Long> grewNanos = new HashMap<>();

  /// What it works with.
  ///
  /// @param client settings for all clients
  /// @param name the scheduler's
  /// @param owner whether this scheduler is to decide
  /// @param change told how many are wanted, whenever that is decided, and nothing while another
  ///   scheduler decides; must return at once
  /// @param failed told if the thread ends for a reason that nobody foresaw
  public record Parts(
      Map<String, Object> client,
      TopicPlan plan,
      String name,
      BooleanSupplier owner,
      FollowedLog<ControlView> control,
      FollowedLog<WorkersView> workers,
      FollowedLog<Optional<ScaleDecision>> decisions,
      Consumer<OptionalInt> change,
      InstantSource clock,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {}

  /// How it decides.
  ///
  /// @param every how often
  /// @param coolDown for so long fewer workers must have been enough before fewer are wanted
  /// @param partitionsMax more partitions are not given to a canvas
  public record Pace(Duration every, Duration coolDown, int partitionsMax) {}

  private Scaler(Parts parts, Pace pace) {
    this.parts = parts;
    this.pace = pace;
    this.rule = new ScaleRule(pace.coolDown());
    this.partitionRule = new PartitionRule(pace.partitionsMax());
    this.sampling = new Sampling(parts.plan());
    this.fleet = Fleet.of(parts.client(), parts.plan(), ANSWER_MAX);
    this.writer =
        new ControlWriter(parts.client(), parts.plan(), Cluster.of(parts.client(), ANSWER_MAX));
    this.thread = new OwnThread("nightshift-scale", parts.failed(), this::run, this::free);
  }

  /// Starts the thread.
  public static Scaler start(Parts parts, Pace pace) {
    Scaler started = new Scaler(parts, pace);
    started.thread.start();
    return started;
  }

  /// Ends the thread, which may be in the midst of a question: then it is interrupted.
  @Override
  public void close() {
    thread.end(END_MAX, END_MAX);
  }

  // --- the thread

  private void run() throws InterruptedException {
    while (thread.rest(pace.every())) {
      turn();
    }
  }

  private void free() {
    forgetReader();
    writer.close();
    fleet.close();
  }

  private void turn() {
    if (!parts.owner().getAsBoolean()) {
      state = null;
      failing = false;
      sampling.restart();
      parts.change().accept(OptionalInt.empty());
      return;
    }
    try {
      Snapshot now = look();
      Optional<Sampling.Sample> sample = sampling.next(now);
      if (sample.isPresent()) {
        decide(sample.get(), now);
      }
      if (failing) {
        failing = false;
        parts.events().accept(new SchedulerEvent.ScalingGoesOn());
      }
    } catch (KafkaException | FleetException e) {
      forgetReader();
      if (!failing && !thread.isEnding()) {
        failing = true;
        parts.events().accept(new SchedulerEvent.ScalingDelayed(String.valueOf(e.getMessage())));
      }
    }
  }

  private Snapshot look() {
    ControlView view = parts.control().view();
    BacklogReader open = reader;
    if (open == null) {
      open = BacklogReader.of(parts.client(), parts.plan(), ANSWER_MAX);
      reader = open;
    }
    Instant at = parts.clock().instant();
    return new Snapshot(
        System.nanoTime(), at, open.standings(view), view, parts.workers().view().live(at));
  }

  private void forgetReader() {
    BacklogReader open = reader;
    reader = null;
    if (open != null) {
      open.close();
    }
  }

  private void decide(Sampling.Sample sample, Snapshot now) {
    Load load = sample.load();
    ScaleBounds bounds = now.view().scaleBounds();
    ScaleState before = state == null ? begin(load, bounds, now.at()) : state;
    ScaleRule.Verdict verdict = rule.decide(before, load, bounds);
    int wanted = verdict.state().wanted();
    if (wanted != before.wanted()) {
      fleet.audit(
          "scale", "workers", workers(before.wanted()), workers(wanted), cause(verdict.reason()));
      since = now.at();
    }
    writer.write(
        "write the scaling decision",
        ScaleLog.record(parts.plan(), decision(verdict, load, bounds, now.at())));
    state = verdict.state();
    if (wanted != before.wanted()) {
      parts.events().accept(new SchedulerEvent.Scaled(before.wanted(), wanted, verdict.reason()));
    }
    parts.change().accept(OptionalInt.of(wanted));
    sample.canvases().forEach(canvas -> grow(canvas, verdict.state(), bounds));
  }

  /// Goes on from what whoever decided before has said.
  private ScaleState begin(Load load, ScaleBounds bounds, Instant now) {
    parts.decisions().awaitFresh(ANSWER_MAX);
    Optional<ScaleDecision> last = parts.decisions().view();
    since = last.map(ScaleDecision::since).orElse(now);
    return ScaleState.first(
        last.map(ScaleDecision::wanted).orElse(ScaleRule.clamp(load.crew().workers(), bounds)),
        last.map(is -> is.figures().perWorker()).orElse(OptionalDouble.empty()),
        load.nanos());
  }

  private ScaleDecision decision(
      ScaleRule.Verdict verdict, Load load, ScaleBounds bounds, Instant now) {
    ScaleFigures figures =
        new ScaleFigures(
            load.waiting(),
            load.limited().stream().mapToLong(LimitedQueue::waiting).sum(),
            load.oldest(),
            load.arrivals(),
            load.drained(),
            verdict.state().perWorker(),
            load.partitions());
    return new ScaleDecision(
        verdict.state().wanted(),
        load.crew().workers(),
        verdict.reason(),
        since,
        bounds,
        figures,
        parts.name(),
        now);
  }

  private void grow(CanvasLoad load, ScaleState known, ScaleBounds bounds) {
    partitionRule
        .wanted(load, known.perWorker(), bounds)
        .ifPresent(wanted -> {
          long now = System.nanoTime();
          String topic = load.canvas().topic();
          if (now - grewNanos.getOrDefault(topic, now - GROW_EVERY.toNanos())
              < GROW_EVERY.toNanos()) {
            return;
          }
          grewNanos.put(topic, now);
          String reason =
              Reason.waiting(load.waiting())
                  + (load.partitions() == 1
                      ? " in 1 partition"
                      : " in " + load.partitions() + " partitions")
                  + " and "
                  + Reason.rate(load.arrivals())
                  + " arrive, of which a worker drains "
                  + Reason.rate(known.perWorker().orElse(0));
          add(load, wanted, reason);
        });
  }

  private void add(CanvasLoad load, int wanted, String reason) {
    String canvas = load.canvas().name();
    try {
      if (fleet.addPartitions(load.canvas(), wanted, cause(reason))) {
        parts
            .events()
            .accept(new SchedulerEvent.PartitionsAdded(canvas, load.partitions(), wanted, reason));
      }
    } catch (FleetException | KafkaException e) {
      parts
          .events()
          .accept(
              new SchedulerEvent.PartitionsNotAdded(
                  canvas, wanted, String.valueOf(e.getMessage()), GROW_EVERY));
    }
  }

  private Cause cause(String reason) {
    return new Cause(parts.name(), reason);
  }

  private static String workers(int count) {
    return count == 1 ? "1 worker" : count + " workers";
  }
}
