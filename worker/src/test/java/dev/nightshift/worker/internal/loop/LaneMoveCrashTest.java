package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.Faults.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// A paused queue's events are moved to its lane, and one effect of that goes wrong: making the
/// lane's topic, writing its record, each record of each transaction, its ledgers, its end, each
/// poll and each assignment. Whatever it is, each event is in the lane once, and runs once when the
/// pause is lifted.
class LaneMoveCrashTest {
  private static final List<Fault> DEATHS = List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER);
  private static final List<Fault> FAULTS =
      List.of(Fault.REFUSE, Fault.LOSE_REQUEST, Fault.LOSE_ANSWER);

  /// A worker that is alone dies at each of its effects, and another comes.
  @TestFactory
  Stream<DynamicTest> itsOnlyWorkerDies() {
    return each("w1", DEATHS, LaneMoveWorld::alone);
  }

  /// So does the one that comes after it, at the same effect.
  @TestFactory
  Stream<DynamicTest> itsOnlyWorkerDiesAndTheNextOneToo() {
    return each("w1 w2", DEATHS, LaneMoveWorld::alone);
  }

  /// One of two dies at each of its effects; what it had, the other takes over.
  @TestFactory
  Stream<DynamicTest> oneOfTwoWorkersDies() {
    return each("w1", DEATHS, LaneMoveWorld::ofTwo);
  }

  /// Nobody dies: an effect is refused, its request or its answer is lost.
  @TestFactory
  Stream<DynamicTest> anEffectFails() {
    return each("w1", FAULTS, LaneMoveWorld::alone);
  }

  private static Stream<DynamicTest> each(
      String victims, List<Fault> faults, Supplier<LaneMoveWorld> world) {
    LaneMoveWorld peaceful = world.get();
    check(peaceful);
    List<String> effects = peaceful.effectsOf("w1");
    assertTrue(
        effects.containsAll(
            List.of(
                LaneMoveWorld.MAKE_TOPIC,
                LaneMoveWorld.WRITE_RECORD,
                "ASSIGN",
                "SEND",
                "LEDGERS",
                "END")),
        () -> "something of a move is not there: " + effects);
    return IntStream.range(0, effects.size())
        .boxed()
        .flatMap(effect ->
            faults.stream()
                .map(fault ->
                    DynamicTest.dynamicTest(
                        fault + " at effect " + effect + ", " + effects.get(effect),
                        () -> {
                          LaneMoveWorld hit = world.get();
                          hit.fails(List.of(victims.split(" ", -1)), effect, fault);
                          check(hit);
                        })));
  }

  private static void check(LaneMoveWorld world) {
    world.moveAll();
    assertEquals(List.of(), world.starts(), "nothing starts while the queue is paused");
    assertEquals(ids(), inLane(world), "each event is in the lane, once");
    world.resume();
    world.runAll();
    List<String> expected = ids().stream().map(id -> id + " attempt 1").toList();
    assertEquals(expected, world.starts().stream().sorted().toList(), "each event runs once");
    assertEquals(ids(), inLane(world), "nothing is copied back or again");
    assertEquals(List.of(), world.cluster().read(SimEvent.RETRY));
    assertEquals(List.of(), world.cluster().read(SimEvent.DEAD));
    for (TopicPartition partition : world.partitions()) {
      Optional<Ledger> ledger = world.cluster().committed(partition).map(LaneMoveCrashTest::ledger);
      long last =
          world.cluster().read(partition.topic()).stream()
              .filter(record -> record.partition() == partition.partition())
              .mapToLong(ConsumerRecord::offset)
              .max()
              .orElse(-1);
      assertTrue(
          last < 0 || ledger.filter(l -> l.base() == l.end() && l.base() > last).isPresent(),
          () -> partition + " is not settled: " + ledger);
    }
  }

  private static Ledger ledger(Committed committed) {
    return SimPromises.ledger(committed);
  }

  private static List<String> ids() {
    return IntStream.range(0, LaneMoveWorld.EVENTS).mapToObj(LaneMoveWorld::id).sorted().toList();
  }

  private static List<String> inLane(LaneMoveWorld world) {
    List<String> ids = new ArrayList<>();
    world
        .cluster()
        .read(LaneMoveWorld.LANE.topic())
        .forEach(record ->
            ids.add(new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8)));
    return ids.stream().sorted().toList();
  }
}
