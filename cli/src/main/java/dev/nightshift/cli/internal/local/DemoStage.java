package dev.nightshift.cli.internal.local;

import dev.nightshift.cli.internal.TraceReader;
import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.Scope;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.backlog.QueueDepth;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emitted;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What the demo's parts play on: the fleet, an emitter, the traces. Owned by one thread.
final class DemoStage implements AutoCloseable {
  static final String CANVAS = "quakes";
  static final String QUEUE = "assess";
  static final Scope SCOPE = Scope.queue(CANVAS, QUEUE);
  static final Cause CAUSE = new Cause("demo", "");

  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  /// Long enough for a machine that is busy with other things.
  private static final Duration PART_MAX = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final String bootstrapServers;
  private final DemoWorkers workers;
  private final List<Trace> traces = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Fleet fleet;
  private final Emitter emitter;
  private final TraceReader reader;
  private final BacklogReader backlog;
  private final FollowedLog<WorkersView> beats;

  DemoStage(String bootstrapServers, DemoWorkers workers) {
    this.bootstrapServers = bootstrapServers;
    this.workers = workers;
    Map<String, Object> client = client();
    TopicPlan plan = TopicPlan.standard();
    this.fleet = keep(Fleet.of(client, plan, ANSWER_MAX));
    this.emitter = keep(Emitter.connect(EmitterSettings.of(bootstrapServers, "demo")));
    this.reader = keep(new TraceReader(client, plan));
    this.backlog = keep(BacklogReader.of(client, plan, ANSWER_MAX));
    this.beats = keep(WorkersLog.start(client, plan, ANSWER_MAX));
  }

  private <T extends AutoCloseable> T keep(T opened) {
    open.add(opened);
    return opened;
  }

  Map<String, Object> client() {
    return Map.of("bootstrap.servers", bootstrapServers);
  }

  Fleet fleet() {
    return fleet;
  }

  Emitter emitter() {
    return emitter;
  }

  DemoWorkers workers() {
    return workers;
  }

  /// The next traces, waiting a moment for the first. They are kept, too.
  List<Trace> poll() {
    List<Trace> read = reader.poll(PAUSE);
    traces.addAll(read);
    return read;
  }

  /// Emits quakes and waits until Kafka has them.
  ///
  /// @return their ids
  Set<String> emit(Collection<String> quakes) {
    List<CompletableFuture<Emitted>> emitted =
        quakes.stream().map(quake -> emitter.emitJson(CANVAS, QUEUE, quake)).toList();
    Set<String> ids = new HashSet<>();
    emitted.forEach(each -> ids.add(each.join().id()));
    return ids;
  }

  /// How many of these events have completed, as far as was read.
  long completed(Collection<String> ids) {
    return traces.stream()
        .filter(trace -> trace.getOutcome().equals("completed"))
        .map(Trace::getEventId)
        .filter(ids::contains)
        .distinct()
        .count();
  }

  /// The newest trace of an event with this outcome, or null.
  @Nullable Trace trace(String id, String outcome) {
    return traces.stream()
        .filter(trace -> trace.getEventId().equals(id) && trace.getOutcome().equals(outcome))
        .reduce((older, newer) -> newer)
        .orElse(null);
  }

  /// What of the queue has not ended; exact.
  ///
  /// @throws CommandException if it cannot be counted in time
  QueueDepth depth() {
    Backlog counted = backlog.begin(fleet.view(), SCOPE);
    // There is little to count.
    check(
        counted.read(ANSWER_MAX),
        "what waits was not counted within " + ANSWER_MAX.toSeconds() + " s");
    return counted.depths().entrySet().stream()
        .filter(each -> each.getKey().toString().equals(CANVAS + "/" + QUEUE))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(QueueDepth.NONE);
  }

  /// Waits until all workers that live act by what was written before this is called.
  void awaitWorkers() {
    long offset = fleet.view().offset();
    await("the workers act by the change", () -> follow(offset));
  }

  private boolean follow(long offset) {
    List<WorkerBeat> said = beats.view().live();
    return workers.all().stream()
        .filter(ChildProcess::alive)
        .allMatch(worker ->
            said.stream()
                .anyMatch(
                    beat -> beat.worker().equals(worker.name()) && beat.controlOffset() >= offset));
  }

  /// Waits, reading traces meanwhile.
  ///
  /// @throws CommandException if it does not come true
  void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + PART_MAX.toNanos();
    while (!holds.getAsBoolean()) {
      check(System.nanoTime() - end < 0, "not within " + PART_MAX.toSeconds() + " s: " + what);
      poll();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /// @throws CommandException if it is not so
  void check(boolean holds, String problem) {
    if (!holds) {
      throw new CommandException(ExitCode.FAILED, "the demo: not as it should be: " + problem);
    }
  }

  void say(String line) {
    System.out.println("   " + line);
  }

  void title(String line) {
    System.out.println("\n" + line);
  }

  @Override
  public void close() {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        // The broker goes next, and all of it with it.
      }
    }
  }
}
