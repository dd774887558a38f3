package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.MemoryCluster;
import dev.nightshift.worker.internal.run.AttemptSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What must hold of a simulated fleet, whatever fails. Throws [AssertionError] where it does not.
final class SimPromises {
  private static final int ATTEMPTS_MAX = 5;

  private final MemoryCluster cluster;
  private final Set<String> acknowledged = new HashSet<>();
  private final Map<String, Integer> starts = new HashMap<>();
  private final Set<String> givenUp = new HashSet<>();

  SimPromises(MemoryCluster cluster) {
    this.cluster = cluster;
  }

  void acknowledged(String id) {
    acknowledged.add(id);
  }

  int acknowledgedCount() {
    return acknowledged.size();
  }

  int startsCount() {
    return starts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// A handler is about to start: its claim must be on record, it must not be finished, and a start
  /// of the same attempt must have been given up by a live worker.
  void started(String worker, AttemptSpec spec) {
    String id = spec.event().id();
    int attempt = spec.event().attempt();
    check(attempt >= 1 && attempt <= ATTEMPTS_MAX, id + " starts with attempt " + attempt);
    Optional<Committed> committed = cluster.committed(spec.key().partition());
    check(committed.isPresent(), id + " starts without a ledger");
    try {
      LedgerCodec.Decoded ledger =
          LedgerCodec.decode(committed.get().base(), committed.get().metadata());
      Mark mark = ledger.ledger().mark(spec.key().offset());
      check(
          mark == Mark.CLAIMED && ledger.writer().equals(worker),
          id
              + " starts at "
              + worker
              + " while the ledger of "
              + ledger.writer()
              + " says "
              + mark);
    } catch (LedgerCodec.UnreadableException e) {
      throw new AssertionError("the ledger of " + spec.key().partition() + " is unreadable", e);
    }
    String start = id + " " + attempt;
    check(
        starts.merge(start, 1, Integer::sum) == 1 || givenUp.remove(start),
        "attempt " + start + " starts again though nobody gave it up");
  }

  void givenUp(AttemptSpec spec) {
    givenUp.add(spec.event().id() + " " + spec.event().attempt());
  }

  /// What may be asked at any time.
  void always() {
    Map<String, Integer> children = children();
    children.forEach(
        (id, count) -> check(count == 1, "child " + id + " exists " + count + " times"));
  }

  /// What must hold when all is done: everything acknowledged ended, and exactly once.
  void atRest() {
    always();
    Map<String, String> ends = ends();
    Set<String> all = new HashSet<>(acknowledged);
    all.addAll(children().keySet());
    for (String id : all) {
      check(ends.containsKey(id), id + " never ended");
      SimEvent event = SimEvent.of(id);
      boolean completed = "completed".equals(ends.get(id));
      boolean hasChild = children().containsKey(id + ".c");
      check(
          hasChild == (completed && event.hasChild()),
          id + " ended as " + ends.get(id) + (hasChild ? " with" : " without") + " its child");
      check(!event.kills() || !completed, id + " kills and yet completed");
    }
    for (ConsumerRecord<byte[], byte[]> dead : cluster.read(SimEvent.DEAD)) {
      String id = new String(dead.headers().lastHeader(EventHeaders.ID).value(), UTF_8);
      check("exhausted".equals(ends.get(id)), id + " is dead and ended as " + ends.get(id));
    }
  }

  /// Whether everything acknowledged has ended.
  boolean ended() {
    Map<String, String> ends = ends();
    return ends.keySet().containsAll(acknowledged)
        && ends.keySet().containsAll(children().keySet());
  }

  private Map<String, Integer> children() {
    Map<String, Integer> children = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : cluster.read(SimEvent.topic("b"))) {
      String id = new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8);
      if (id.endsWith(".c")) {
        children.merge(id, 1, Integer::sum);
      }
    }
    return children;
  }

  private Map<String, String> ends() {
    Map<String, String> ends = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> trace : cluster.read(SimEvent.TRACES)) {
      String outcome = new String(trace.value(), UTF_8);
      if (!outcome.equals("lost")) {
        ends.put(new String(trace.key(), UTF_8).split(" ", -1)[0], outcome);
      }
    }
    return ends;
  }

  private static void check(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken);
    }
  }
}
