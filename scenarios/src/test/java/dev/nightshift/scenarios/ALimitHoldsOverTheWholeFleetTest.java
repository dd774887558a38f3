package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Limit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ALimitHoldsOverTheWholeFleetTest {
  private static final Cause CAUSE = new Cause("scenario", "as told");
  private static final int CONCURRENCY = 5;
  private static final int EVENTS = 400;

  /// Workers join, leave and die: never are more claimed than the limit allows, all that is emitted
  /// ends once, and another limit counts soon.
  @Test
  void whileWorkersComeAndGo(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Operator operator = new Operator(fleet);
        Fleet control = control(fleet)) {
      fleet.createCanvas(4);
      fleet.startWorker();
      fleet.startWorker();
      fleet.startWorker();
      control.limit(concurrency(Optional.of(CONCURRENCY)), CAUSE);
      // A worker that reads it late would start all of them at once, where they stand.
      operator.awaitActedBy();
      fleet.emitMany("e", EVENTS, "sleep 60");
      try (Claims claims = new Claims(fleet)) {
        fleet.await("some ran", Duration.ofSeconds(40), () -> fleet.notes().size() > 100);
        fleet.startWorker();
        fleet.worker("worker-1").terminate();
        fleet.worker("worker-2").kill();
        fleet.launchWorker();
        fleet.await(
            "most have ended",
            Duration.ofSeconds(60),
            () -> fleet.outcomes().size() > EVENTS - 100);
        assertTrue(claims.most() >= 2, "they ran at once, up to " + claims.most());
        assertTrue(claims.most() <= CONCURRENCY, claims.most() + " were claimed");
      }
      control.limit(concurrency(Optional.empty()), CAUSE);
      fleet.await(
          "all have ended", Duration.ofSeconds(40), () -> fleet.outcomes().size() == EVENTS);
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
    }
  }

  /// Starts are spread over time, and a limit that is lifted holds up nothing more.
  @Test
  void ofStartsInATime(@TempDir Path folder) {
    int perSecond = 20;
    int events = 100;
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Operator operator = new Operator(fleet);
        Fleet control = control(fleet)) {
      fleet.createCanvas(4);
      fleet.startWorker();
      fleet.startWorker();
      control.limit(rate(perSecond), CAUSE);
      operator.awaitActedBy();
      fleet.emitMany("e", events, "return");
      fleet.await("all end", Duration.ofSeconds(40), () -> fleet.outcomes().size() == events);
      List<Instant> starts =
          fleet.notes().stream().filter(Note::isStart).map(Note::at).sorted().toList();
      assertEquals(events, starts.size());
      // Each of a lane's six partitions may begin with one start, whatever the rate.
      int most = perSecond + 6 + 1;
      for (int i = 0; i + most < starts.size(); i++) {
        Duration took = Duration.between(starts.get(i), starts.get(i + most));
        assertTrue(took.toMillis() >= 990, most + " starts more within " + took);
      }
      control.limit(concurrency(Optional.empty()), CAUSE);
      fleet.emitMany("f", events, "sleep 500");
      fleet.await(
          "many run at once",
          Duration.ofSeconds(20),
          () -> {
            List<Note> notes = fleet.notes().stream().filter(n -> n.id().startsWith("f")).toList();
            Set<String> running = new HashSet<>();
            notes.stream().filter(Note::isStart).forEach(note -> running.add(note.id()));
            notes.stream().filter(note -> !note.isStart()).forEach(n -> running.remove(n.id()));
            return running.size() > perSecond;
          });
    }
  }

  private static Fleet control(ScenarioFleet fleet) {
    return Fleet.of(
        Map.of("bootstrap.servers", fleet.bootstrapServers()),
        ScenarioFleet.PLAN,
        Duration.ofSeconds(20));
  }

  private static Limit concurrency(Optional<Integer> handlers) {
    return new Limit(
        ScenarioFleet.CANVAS, 1, ScenarioFleet.QUEUE, handlers, Optional.empty(), Optional.empty());
  }

  private static Limit rate(double perSecond) {
    return new Limit(
        ScenarioFleet.CANVAS,
        1,
        ScenarioFleet.QUEUE,
        Optional.empty(),
        Optional.of(perSecond),
        Optional.empty());
  }

  /// Looks at the ledgers of the lane all the time, on a thread of its own.
  private static final class Claims implements AutoCloseable {
    private final ScenarioFleet fleet;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong most = new AtomicLong();
    private final List<Exception> failures = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "scenario-claims");

    Claims(ScenarioFleet fleet) {
      this.fleet = fleet;
      thread.start();
    }

    long most() {
      assertEquals(List.of(), failures);
      return most.get();
    }

    private void run() {
      try {
        while (!stop.await(5, TimeUnit.MILLISECONDS)) {
          String lane = ScenarioFleet.PLAN.lane(ScenarioFleet.CANVAS, 1, ScenarioFleet.QUEUE);
          most.accumulateAndGet(fleet.ledgers().claims(lane), Math::max);
        }
      } catch (Exception e) {
        failures.add(e);
      }
    }

    @Override
    public void close() throws InterruptedException {
      stop.countDown();
      thread.join();
      assertEquals(List.of(), failures);
    }
  }
}
