package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.EventSource;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Outcome;
import dev.nightshift.bench.stage.Running;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import dev.nightshift.common.CanvasTopic;
import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// What it costs that there are many canvases, most of which nobody uses.
final class CanvasesRun implements BenchRun {
  private static final int ACTIVE = 100;
  private static final int EVENTS = 200_000;
  private static final int CREATORS = 16;
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final String ONE = "one canvas";
  private static final String READY = "worker started → ready";
  private static final String IDLE_CPU = "idle worker";

  @Override
  public String name() {
    return "canvases";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int canvases = setting.canvases();
    String all = String.format(Locale.ROOT, "%,d canvases", canvases);
    List<String> notes = new ArrayList<>();
    List<Goal> goals = new ArrayList<>();
    try (Stage stage = new Stage(setting)) {
      List<Many> sides = new ArrayList<>();
      for (boolean share : List.of(true, false)) {
        String name = all + (share ? " that share a topic" : " with a topic each");
        Instant began = Instant.now();
        Load load = create(stage, kind(setting, share ? Load.PARTITIONS : 1), canvases, share);
        notes.add(created(name, Duration.between(began, Instant.now())));
        setting.progress().accept(name() + ": " + notes.getLast());
        sides.add(new Many(name, load));
        goals.add(Goal.atLeast(name, 0.7, ONE));
        goals.add(Goal.atMost(name + ": " + READY, 15));
        goals.add(Goal.atMost(name + ": " + IDLE_CPU, 20));
      }
      Load ofOne = stage.prepare(kind(setting, Load.PARTITIONS));
      for (int round = 1; round <= setting.rounds(); round++) {
        for (Many many : sides) {
          Side side = new Side.Nightshift(many.name, handlers(stage, many.load), List.of());
          idle(stage, many, measured, setting);
          run(stage, side, many.load, round, measured, setting);
        }
        run(stage, stage.nightshift(ONE), ofOne, round, measured, setting);
      }
    }
    return new Report(
        name(),
        String.format(
            Locale.ROOT,
            "Events are spread over %,d of the canvases. A topic has one partition, one that is shared"
                + " %d. Topics stay the same over the rounds.",
            Math.min(ACTIVE, canvases),
            Load.PARTITIONS),
        measured.series(),
        goals,
        notes);
  }

  private record Many(String name, Load load) {}

  private static Load.Kind kind(Setting setting, int partitions) {
    int events = setting.events(EVENTS);
    return new Load.Kind(Drain.WARM * events, events, Duration.ZERO, Load.WORK, partitions);
  }

  private static Path handlers(Stage stage, Load load) {
    return stage.handlersFor(load.canvases());
  }

  private void run(
      Stage stage, Side side, Load load, int round, Measured measured, Setting setting) {
    try (EventSource source = stage.source(load)) {
      source.emit(0, load.kind().emitted());
    }
    Outcome outcome = stage.drain(side, load);
    stage.empty(load);
    Rates.add(measured, side.name(), load, outcome);
    setting.progress().accept(Rates.line(name(), round, side.name(), outcome));
  }

  private static String created(String name, Duration took) {
    return String.format(
        Locale.ROOT, "%s were created within %d s, %d at once.", name, took.toSeconds(), CREATORS);
  }

  private static Load create(Stage stage, Load.Kind kind, int canvases, boolean share) {
    TopicPlan plan = stage.nextPlan();
    Optional<String> shared = share ? Optional.of(Load.SHARED) : Optional.empty();
    CanvasTopic topic = new CanvasTopic(shared, kind.partitions(), OptionalInt.of(1));
    List<String> names = IntStream.range(0, canvases).mapToObj(i -> "c" + i).toList();
    try (Fleet fleet = stage.fleet(plan);
        ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
      fleet.init(OptionalInt.of(1));
      List<Future<?>> created = new ArrayList<>();
      for (String name : names) {
        created.add(
            creators.submit(
                () -> fleet.createCanvas(name, topic, new Cause("bench", "one of many"))));
      }
      for (Future<?> each : created) {
        each.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("not all canvases could be created", e);
    }
    List<String> active = names.subList(0, Math.min(ACTIVE, canvases));
    return share ? Load.sharing(plan, active, kind) : new Load(plan, active, kind);
  }

  private void idle(Stage stage, Many many, Measured measured, Setting setting) {
    int port = freePort();
    Side watched =
        new Side.Nightshift(many.name, handlers(stage, many.load), List.of("--admin-port=" + port));
    Instant began = Instant.now();
    try (Running running = stage.start(watched, many.load)) {
      Members.await("the worker is ready", () -> ready(port));
      double seconds = Duration.between(began, Instant.now()).toMillis() / 1e3;
      pass(IDLE); // What joining took is not what idling takes.
      Duration before = running.process().cpu();
      pass(IDLE);
      double percent = 100.0 * running.process().cpu().minus(before).toMillis() / IDLE.toMillis();
      measured.add(many.name + ": " + READY, "s", "", seconds);
      measured.add(
          many.name + ": " + IDLE_CPU, "% of a processor", IDLE.toSeconds() + " s", percent);
      setting
          .progress()
          .accept(
              String.format(
                  Locale.ROOT,
                  "%s: %s: ready after %.1f s, idle %.1f %%",
                  name(),
                  many.name,
                  seconds,
                  percent));
      running.stop();
    }
  }

  private static boolean ready(int port) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI health = URI.create("http://127.0.0.1:" + port + "/health/ready");
      return http.send(
                  HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false; // The port is not open yet.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
