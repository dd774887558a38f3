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
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    int events = setting.events(EVENTS);
    int canvases = setting.canvases();
    int active = Math.min(ACTIVE, canvases);
    String many = String.format(Locale.ROOT, "%,d canvases, %d active", canvases, active);
    Load.Kind kind = new Load.Kind(Drain.WARM * events, events, Duration.ZERO, Load.WORK, 1);
    Duration creation;
    try (Stage stage = new Stage(setting)) {
      Instant began = Instant.now();
      Load ofMany = create(stage, kind, canvases, active);
      creation = Duration.between(began, Instant.now());
      setting.progress().accept(name() + ": all created after " + creation.toSeconds() + " s");
      Load ofOne =
          stage.prepare(
              new Load.Kind(kind.warm(), events, Duration.ZERO, Load.WORK, Load.PARTITIONS));
      Side manyWorker = new Side.Nightshift(many, stage.handlersFor(ofMany.canvases()), List.of());
      Side oneWorker = stage.nightshift(ONE);
      for (int round = 1; round <= setting.rounds(); round++) {
        idle(stage, manyWorker, ofMany, measured, setting);
        for (Load load : List.of(ofMany, ofOne)) {
          Side side = load == ofMany ? manyWorker : oneWorker;
          try (EventSource source = stage.source(load)) {
            source.emit(0, kind.emitted());
          }
          Outcome outcome = stage.drain(side, load);
          stage.empty(load);
          Rates.add(measured, side.name(), load, outcome);
          setting.progress().accept(Rates.line(name(), round, side.name(), outcome));
        }
      }
    }
    return new Report(
        name(),
        "All canvases have a topic of their own with one partition; events are spread over the active ones. Topics stay the same over the rounds.",
        measured.series(),
        List.of(Goal.atLeast(many, 0.7, ONE), Goal.atMost(READY, 15), Goal.atMost(IDLE_CPU, 20)),
        List.of(
            String.format(
                Locale.ROOT,
                "%,d canvases were created within %d s, %d at once.",
                canvases,
                creation.toSeconds(),
                CREATORS)));
  }

  private static Load create(Stage stage, Load.Kind kind, int canvases, int active) {
    TopicPlan plan = stage.nextPlan();
    List<String> names = IntStream.range(0, canvases).mapToObj(i -> "c" + i).toList();
    try (Fleet fleet = stage.fleet(plan);
        ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
      fleet.init(OptionalInt.of(1));
      List<Future<?>> created = new ArrayList<>();
      for (String name : names) {
        created.add(creators.submit(() -> Stage.createCanvas(fleet, name, kind.partitions())));
      }
      for (Future<?> each : created) {
        each.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("not all canvases could be created", e);
    }
    return new Load(plan, names.subList(0, active), kind);
  }

  private void idle(Stage stage, Side worker, Load load, Measured measured, Setting setting) {
    int port = freePort();
    Side watched =
        new Side.Nightshift(
            worker.name(), stage.handlersFor(load.canvases()), List.of("--admin-port=" + port));
    Instant began = Instant.now();
    try (Running running = stage.start(watched, load)) {
      Members.await("the worker is ready", () -> ready(port));
      double seconds = Duration.between(began, Instant.now()).toMillis() / 1e3;
      pass(IDLE); // What joining took is not what idling takes.
      Duration before = running.process().cpu();
      pass(IDLE);
      double percent = 100.0 * running.process().cpu().minus(before).toMillis() / IDLE.toMillis();
      measured.add(READY, "s", "", seconds);
      measured.add(IDLE_CPU, "% of a processor", IDLE.toSeconds() + " s", percent);
      setting
          .progress()
          .accept(
              String.format(
                  Locale.ROOT, "%s: ready after %.1f s, idle %.1f %%", name(), seconds, percent));
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
