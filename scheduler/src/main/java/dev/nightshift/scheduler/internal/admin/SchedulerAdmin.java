package dev.nightshift.scheduler.internal.admin;

import dev.nightshift.common.Durations;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.events.SchedulerStatus;
import dev.nightshift.worker.admin.AdminServer;
import dev.nightshift.worker.admin.Answer;
import dev.nightshift.worker.admin.Checks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What a scheduler serves from before it starts until it has ended. Safe for use by many threads.
public final class SchedulerAdmin implements Consumer<SchedulerEvent>, AutoCloseable {
  private static final Duration TURN_MAX = Duration.ofMinutes(3);

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1)
  };

  private final AdminServer server;
  private final Timer late;
  private final Timer trims;
  private final Counter trimmed;
  private final Counter flags;
  private final Set<String> untrimmed = ConcurrentHashMap.newKeySet();
  private final Map<String, Optional<Duration>> unsafe = new ConcurrentHashMap<>();
  private final Map<String, String> upkeepDelayed = new ConcurrentHashMap<>();
  private final Map<String, Counter> ended = new ConcurrentHashMap<>();
  private final Map<Delayed, String> delayed = new ConcurrentHashMap<>();
  private volatile Optional<String> behind = Optional.empty();
  private volatile Optional<String> undecided = Optional.empty();
  private volatile Optional<String> command = Optional.empty();
  private volatile Optional<Supplier<SchedulerStatus>> scheduler = Optional.empty();

  /// What cannot be written.
  ///
  /// @param partition of the delayed topic
  /// @param topic the one that alone cannot; empty if none can
  private record Delayed(int partition, String topic) {
    String text() {
      return "what is due in partition "
          + partition
          + (topic.isEmpty() ? "" : " for topic " + topic)
          + " cannot be written: ";
    }
  }

  private SchedulerAdmin(InetSocketAddress address) throws IOException {
    this.server = AdminServer.open(address, new SchedulerChecks());
    this.late =
        Timer.builder("nightshift.timers.late")
            .description("From when an event was due to when it was emitted.")
            .serviceLevelObjectives(BUCKETS)
            .register(registry());
    Gauge.builder("nightshift.timers.delayed", delayed, SchedulerAdmin::partitions)
        .description("Partitions in which what is due, or some of it, cannot be written.")
        .register(registry());
    this.trims =
        Timer.builder("nightshift.trims")
            .description("Turns that removed from the log what has ended, and how long they took.")
            .register(registry());
    this.trimmed =
        Counter.builder("nightshift.trims.partitions")
            .description("Partitions that something was removed from.")
            .register(registry());
    this.flags =
        Counter.builder("nightshift.flags.tidied")
            .description("Flags that were lifted as their end had passed.")
            .register(registry());
    Gauge.builder("nightshift.trims.refused", untrimmed, Set::size)
        .description("Topics that Kafka does not let be trimmed.")
        .register(registry());
    Gauge.builder("nightshift.topics.unsafe", unsafe, Map::size)
        .description("Topics that are set so that something would be lost.")
        .register(registry());
    Gauge.builder("nightshift.topics.unsafe.left", unsafe, SchedulerAdmin::secondsLeft)
        .description("Seconds until the first event that waits in one of them may be removed.")
        .register(registry());
    Gauge.builder("nightshift.upkeep.delayed", upkeepDelayed, Map::size)
        .description("Parts of the fleet's upkeep that cannot be done.")
        .register(registry());
  }

  /// Opens the port.
  ///
  /// @param address port 0 for any that is free
  /// @throws IOException if it is taken, or the host is none of this machine's
  public static SchedulerAdmin open(InetSocketAddress address) throws IOException {
    return new SchedulerAdmin(address);
  }

  private MeterRegistry registry() {
    return server.registry();
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return server.address();
  }

  /// Settings that make Kafka's clients report their metrics here.
  public Map<String, Object> clientSettings() {
    return server.clientSettings();
  }

  /// The scheduler has started.
  public void watch(Supplier<SchedulerStatus> status) {
    gauge("nightshift.timers.waiting", "Events that wait.", status, SchedulerStatus::waiting);
    gauge(
        "nightshift.timers.partitions",
        "Partitions of the delayed topic that are this scheduler's.",
        status,
        SchedulerStatus::partitions);
    gauge(
        "nightshift.timers.overdue",
        "Seconds since the event was due that is overdue longest.",
        status,
        is -> is.overdue().toMillis() / 1e3);
    scheduler = Optional.of(status);
  }

  /// How many workers are wanted is known.
  ///
  /// @param decision the last one, however old, by whichever scheduler
  public void watchScale(Supplier<Optional<ScaleDecision>> decision) {
    scale(
        "wanted",
        "Workers that are wanted; none while none is known.",
        decision,
        ScaleDecision::wanted);
    scale("running", "Workers that run.", decision, ScaleDecision::running);
    scale("waiting", "Events that wait and may start.", decision, is -> is.figures().waiting());
    server.page("/scale", () -> ScalePage.of(decision.get(), InstantSource.system().instant()));
  }

  private void scale(
      String name,
      String description,
      Supplier<Optional<ScaleDecision>> decision,
      ToDoubleFunction<ScaleDecision> value) {
    Gauge.builder(
            "nightshift.scale." + name,
            () ->
                decision
                    .get()
                    .filter(is -> is.isFresh(InstantSource.system().instant()))
                    .map(value::applyAsDouble)
                    .orElse(Double.NaN))
        .description(description)
        .register(registry());
  }

  private void gauge(
      String name,
      String description,
      Supplier<SchedulerStatus> status,
      ToDoubleFunction<SchedulerStatus> value) {
    Gauge.builder(name, () -> value.applyAsDouble(status.get()))
        .description(description)
        .register(registry());
  }

  @Override
  public void accept(SchedulerEvent event) {
    switch (event) {
      case SchedulerEvent.Fired fired -> late.record(fired.late());
      case SchedulerEvent.Ended end -> ended.computeIfAbsent(end.how(), this::counter).increment();
      case SchedulerEvent.FiringDelayed is ->
          delayed.put(new Delayed(is.partition(), ""), is.reason());
      case SchedulerEvent.FiringGoesOn is -> delayed.remove(new Delayed(is.partition(), ""));
      case SchedulerEvent.TopicRests is ->
          delayed.put(new Delayed(is.partition(), is.topic()), is.reason());
      case SchedulerEvent.TopicGoesOn is -> delayed.remove(new Delayed(is.partition(), is.topic()));
      case SchedulerEvent.Released is -> released(is.partition());
      case SchedulerEvent.FollowingDelayed is -> behind = Optional.of(is.reason());
      case SchedulerEvent.FollowingGoesOn _ -> behind = Optional.empty();
      case SchedulerEvent.ScalingDelayed is -> undecided = Optional.of(is.reason());
      case SchedulerEvent.ScalingGoesOn _ -> undecided = Optional.empty();
      case SchedulerEvent.ScaleCommandFailed is -> command = Optional.of(is.reason());
      case SchedulerEvent.ScaleCommandRan _ -> command = Optional.empty();
      case SchedulerEvent.Owned _,
          SchedulerEvent.Fenced _,
          SchedulerEvent.Refused _,
          SchedulerEvent.Scaled _,
          SchedulerEvent.PartitionsAdded _,
          SchedulerEvent.PartitionsNotAdded _,
          SchedulerEvent.CronsTidied _ -> {
        // Gauges show it, or how events ended, or it is nothing to be counted.
      }
      case SchedulerEvent.Trimmed is -> {
        trims.record(is.took());
        trimmed.increment(is.partitions());
      }
      case SchedulerEvent.TrimRefused is -> untrimmed.add(is.topic());
      case SchedulerEvent.TrimGoesOn is -> untrimmed.remove(is.topic());
      case SchedulerEvent.FlagTidied _ -> flags.increment();
      case SchedulerEvent.TopicUnsafe is -> unsafe.put(is.problem().topic(), is.left());
      case SchedulerEvent.TopicSafe is -> unsafe.remove(is.topic());
      case SchedulerEvent.TopicRepaired is -> unsafe.remove(is.problem().topic());
      case SchedulerEvent.UpkeepDelayed is -> upkeepDelayed.put(is.what(), is.reason());
      case SchedulerEvent.UpkeepGoesOn is -> upkeepDelayed.remove(is.what());
    }
  }

  private static double partitions(Map<Delayed, String> delayed) {
    return delayed.keySet().stream().mapToInt(Delayed::partition).distinct().count();
  }

  // None if nobody can say.
  private static double secondsLeft(Map<String, Optional<Duration>> unsafe) {
    return unsafe.values().stream()
        .flatMap(Optional::stream)
        .mapToDouble(Duration::toSeconds)
        .min()
        .orElse(Double.NaN);
  }

  // The upkeep, and what is decided, is of who has the first one.
  private void released(int partition) {
    delayed.keySet().removeIf(each -> each.partition == partition);
    if (partition == 0) {
      untrimmed.clear();
      unsafe.clear();
      upkeepDelayed.clear();
      undecided = Optional.empty();
      command = Optional.empty();
    }
  }

  private Counter counter(String how) {
    return Counter.builder("nightshift.timers.ended")
        .description("Events that ended instead of being emitted.")
        .tags(Tags.of("how", how))
        .register(registry());
  }

  @Override
  public void close() {
    server.close();
  }

  private final class SchedulerChecks implements Checks {
    @Override
    public Answer live() {
      Optional<Duration> silent =
          scheduler
              .map(status -> status.get().sinceTurn())
              .filter(since -> since.compareTo(TURN_MAX) > 0);
      return silent
          .map(since ->
              new Answer(false, "not live: a thread has not turned for " + Durations.text(since)))
          .orElse(new Answer(true, "live"));
    }

    @Override
    public Answer ready() {
      Optional<String> not = notReady();
      List<String> lines = new ArrayList<>();
      lines.add(not.map(why -> "not ready: " + why).orElse("ready"));
      scheduler
          .map(Supplier::get)
          .filter(is -> is.joined() && is.partitions() == 0)
          .ifPresent(_ -> lines.add("idle: other schedulers have all partitions"));
      undecided.ifPresent(
          why -> lines.add("how many workers are wanted cannot be decided: " + why));
      command.ifPresent(why -> lines.add("the scale command failed: " + why));
      behind.ifPresent(why -> lines.add("the delayed topic cannot be followed: " + why));
      delayed.forEach((what, why) -> lines.add(what.text() + why));
      unsafe.keySet().forEach(topic -> lines.add("topic " + topic + " would lose events"));
      upkeepDelayed.forEach((what, why) -> lines.add(what + " is delayed: " + why));
      return new Answer(not.isEmpty(), String.join("\n", lines));
    }

    private Optional<String> notReady() {
      if (scheduler.isEmpty()) {
        return Optional.of("the scheduler starts");
      }
      SchedulerStatus is = scheduler.get().get();
      if (!is.joined()) {
        return Optional.of("the scheduler has not joined its group yet");
      }
      if (!is.caughtUp()) {
        return Optional.of("the scheduler reads the events that wait: " + is.waiting() + " so far");
      }
      return is.firing() < is.partitions()
          ? Optional.of(
              "the scheduler takes over "
                  + (is.partitions() - is.firing())
                  + " of its "
                  + is.partitions()
                  + " partitions")
          : Optional.empty();
    }
  }
}
