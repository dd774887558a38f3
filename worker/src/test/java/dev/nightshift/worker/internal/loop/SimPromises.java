package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Flag;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.LedgerCodec;
import dev.nightshift.common.ledger.Mark;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.MemoryCluster;
import dev.nightshift.worker.internal.run.AttemptSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// What must hold of a simulated fleet, whatever fails. Throws [AssertionError] where it does not.
final class SimPromises {
  static final int ATTEMPTS_MAX = 5;

  private final MemoryCluster cluster;
  private final SimCanvases canvases;
  private final List<ConsumerRecord<byte[], byte[]>> gone = new ArrayList<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> started = new HashSet<>();
  private final Map<String, Instant> emitted = new HashMap<>();
  private final Set<String> givenUp = new HashSet<>();
  private long handedBack;
  private final Set<String> counted = new HashSet<>();
  private int starts;
  private long notBegun;
  private long tried;
  private long blocked;

  SimPromises(MemoryCluster cluster, SimCanvases canvases) {
    this.cluster = cluster;
    this.canvases = canvases;
  }

  static void check(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken);
    }
  }

  static Ledger ledger(Committed committed) {
    return decoded(committed).ledger();
  }

  private static LedgerCodec.Decoded decoded(Committed committed) {
    try {
      return LedgerCodec.decode(committed.base(), committed.metadata());
    } catch (LedgerCodec.UnreadableException e) {
      throw new AssertionError("a ledger is unreadable: " + committed, e);
    }
  }

  void acknowledged(String id) {
    acknowledged.add(id);
  }

  int startsCount() {
    return starts;
  }

  /// A worker ended in peace and handed back so many attempts.
  void handedBack(int attempts) {
    handedBack += attempts;
  }

  /// A live worker gives up an attempt that shall not be charged.
  void givenUp(AttemptSpec spec) {
    givenUp.add(start(spec));
  }

  /// A live worker started an attempt whose queue was stopped before its handler began: it may be
  /// started again.
  void notBegun(AttemptSpec spec) {
    started.remove(start(spec));
    notBegun++;
  }

  long notBegunCount() {
    return notBegun;
  }

  private static String start(AttemptSpec spec) {
    return spec.event().id() + " " + spec.event().attempt();
  }

  /// A handler is about to start: its claim must be on record, it must not be finished, and a start
  /// of the same attempt must have been given up by a live worker.
  void started(String worker, AttemptSpec spec) {
    String id = spec.event().id();
    int attempt = spec.event().attempt();
    check(attempt >= 1 && attempt <= ATTEMPTS_MAX, id + " starts with attempt " + attempt);
    Optional<Committed> committed = cluster.committed(spec.key().partition());
    check(committed.isPresent(), id + " starts without a ledger");
    LedgerCodec.Decoded ledger = decoded(committed.orElseThrow());
    Mark mark = ledger.ledger().mark(spec.key().offset());
    String says = "while the ledger of " + ledger.writer() + " says " + mark;
    check(
        mark == Mark.CLAIMED && ledger.writer().equals(worker),
        id + " starts at " + worker + " " + says);
    starts++;
    check(
        started.add(start(spec)) || givenUp.remove(start(spec)),
        "attempt " + start(spec) + " starts again though nobody gave it up");
    checkLimit(spec);
    Instant time = spec.event().emittedAt();
    check(
        time.equals(emitted.computeIfAbsent(id, first -> time)),
        id + " was emitted at " + emitted.get(id) + " and starts as one of " + time);
    Optional<String> claimed = spec.event().claimedCanvas();
    boolean ownTopicSays = spec.event().carriedOrigin().isEmpty() && !spec.canvas().shared();
    check(
        claimed.map(spec.canvas().name()::equals).orElse(ownTopicSays)
            && spec.canvas().topic().equals(spec.event().originTopic()),
        id + " of " + claimed + " in " + spec.event().origin() + " runs for " + spec.canvas());
  }

  // What is claimed of a limited queue, in the whole fleet, is in its lane, and never more than
  // that.
  private void checkLimit(AttemptSpec spec) {
    OptionalInt most = canvases.limitMax();
    if (most.isEmpty()
        || SimEvent.of(spec.event().id()).kind() == SimEvent.Kind.FULL
        || !spec.canvas().name().equals(SimCanvases.LIMITED_CANVAS)
        || !spec.event().queue().equals(SimCanvases.LIMITED_QUEUE)) {
      return;
    }
    String lane = spec.key().partition().topic();
    check(SimEvent.TOPICS.isLane(lane), spec.event().id() + " of a limited queue starts elsewhere");
    long claims = 0;
    for (int i = 0; i < cluster.topics().getOrDefault(lane, 0); i++) {
      claims += claims(new TopicPartition(lane, i));
    }
    check(
        claims <= most.getAsInt(),
        claims + " are claimed of a queue that is limited to " + most.getAsInt());
  }

  /// How many events of a partition are claimed, by whomever.
  long claims(TopicPartition partition) {
    return cluster.committed(partition).map(SimPromises::ledger).map(Ledger::claims).orElse(0L);
  }

  /// An event was started of a queue that its breaker had blocked.
  void tried() {
    tried++;
  }

  long triedCount() {
    return tried;
  }

  /// A breaker was told of an event that killed its worker.
  void counted(String id, int attempt) {
    counted.add(id + " " + attempt);
  }

  /// An event that ran alone goes on from a lost attempt.
  void checkCounted(String id, int attempt) {
    check(
        counted.contains(id + " " + attempt),
        id + " goes on from attempt " + attempt + ", which no breaker was told of");
  }

  /// A queue was blocked by its breaker.
  void blocked(SimPlan plan, Flag block) {
    blocked++;
    boolean guilty = block.scope().queue().equals(Optional.of(SimEvent.QUEUE_POISONED));
    check(guilty || !plan.poisoned(), block.scope() + " is innocent and " + block.text());
  }

  long blockedCount() {
    return blocked;
  }

  /// What may be asked at any time.
  ///
  /// @return what the topics say now
  SimEnds always() {
    SimEnds ends = SimEnds.of(cluster, eventTopics(), gone);
    ends.stored()
        .forEach((id, at) -> check(at.size() == 1, id + " exists " + at.size() + " times: " + at));
    ends.traces()
        .forEach((id, traces) -> {
          for (SimEnds.Trace trace : traces) {
            boolean once = traces.stream().filter(trace::equals).count() == 1;
            check(once || trace.byHandler(), id + " has more than one " + trace);
          }
        });
    return ends;
  }

  /// Why the topics are not at rest, if they are not: something has not ended, or is not settled.
  Optional<String> unrest() {
    return SimEnds.of(cluster, eventTopics(), gone)
        .unended()
        .map(id -> id + " has not ended")
        .or(this::unsettled);
  }

  private Optional<String> unsettled() {
    Map<TopicPartition, Long> last = new HashMap<>();
    Set<String> topics = new TreeSet<>(canvases.view().topics(SimEvent.TOPICS.workersGroup()));
    topics.add(SimEvent.RETRY);
    topics.retainAll(cluster.topics().keySet());
    for (String topic : topics) {
      cluster
          .read(topic)
          .forEach(record ->
              last.merge(
                  new TopicPartition(record.topic(), record.partition()),
                  record.offset(),
                  Math::max));
    }
    return last.entrySet().stream()
        .filter(each -> !settled(each.getKey(), each.getValue()))
        .map(each -> each + " is not settled: " + cluster.committed(each.getKey()))
        .findFirst();
  }

  private boolean settled(TopicPartition partition, long offset) {
    Optional<Ledger> ledger = cluster.committed(partition).map(SimPromises::ledger);
    return ledger.filter(l -> l.base() == l.end() && l.base() > offset).isPresent();
  }

  // Also those that are read no more and not deleted yet.
  private Set<String> eventTopics() {
    Set<String> topics = new TreeSet<>(canvases.view().topics(SimEvent.TOPICS.workersGroup()));
    topics.addAll(canvases.leftovers());
    topics.retainAll(cluster.topics().keySet());
    topics.removeIf(SimEvent.TOPICS::isLane);
    return topics;
  }

  /// A topic is about to be deleted. What stands in it and has not ended stands elsewhere by now,
  /// and must end all the same: what was in event topics is kept in mind, and nothing may wait.
  void goes(String topic) {
    cluster
        .read(topic)
        .forEach(record -> {
          TopicPartition partition = new TopicPartition(topic, record.partition());
          boolean below =
              cluster.committed(partition).filter(c -> c.base() > record.offset()).isPresent();
          check(below, record.topic() + "/" + record.offset() + " waits and is deleted");
        });
    if (!SimEvent.TOPICS.isLane(topic)) {
      gone.addAll(cluster.read(topic));
    }
  }

  /// What stands below an offset is about to be removed. It must have ended, or stand where it is
  /// to go on; and it must end all the same.
  void trimmed(TopicPartition partition, long before) {
    List<ConsumerRecord<byte[], byte[]>> records =
        cluster.read(partition.topic()).stream()
            .filter(each -> each.partition() == partition.partition() && each.offset() < before)
            .toList();
    if (!partition.topic().equals(SimEvent.RETRY) && !SimEvent.TOPICS.isLane(partition.topic())) {
      gone.addAll(records);
    }
    if (!cluster.openTransactions().isEmpty()) {
      return; // Nobody sees what stands behind what they have written.
    }
    SimEnds ends = SimEnds.of(cluster, eventTopics(), gone);
    Set<String> moved = moved();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String id = SimEnds.idOf(record);
      check(
          moved.contains(id) || ends.tracesOf(id).stream().anyMatch(trace -> !trace.lost()),
          id + " is neither ended nor elsewhere, and " + partition + " is trimmed to " + before);
    }
  }

  // What waits in lanes and to be retried.
  private Set<String> moved() {
    Set<String> moved = new HashSet<>();
    for (String topic : cluster.topics().keySet()) {
      if (topic.equals(SimEvent.RETRY) || SimEvent.TOPICS.isLane(topic)) {
        for (ConsumerRecord<byte[], byte[]> record : cluster.read(topic)) {
          TopicPartition partition = new TopicPartition(topic, record.partition());
          if (cluster.committed(partition).map(Committed::base).orElse(0L) <= record.offset()) {
            moved.add(SimEnds.idOf(record));
          }
        }
      }
    }
    return moved;
  }

  /// What must hold when all is done: everything that was emitted ended, and as it should.
  void atRest(SimPlan.Kind kind) {
    SimEnds ends = always();
    check(ends.stored().keySet().containsAll(acknowledged), "an acknowledged event is not there");
    for (String id : ends.stored().keySet()) {
      String all = id + ", which ended with " + ends.tracesOf(id) + ", ";
      checkAttempts(id, all, ends.tracesOf(id));
      new SimOutcomes(kind, SimEvent.of(id), ends).check(all);
      checkTime(id, all, ends);
    }
    for (String start : started) {
      String[] parts = start.split(" ", -1);
      check(
          ends.tracesOf(parts[0]).stream()
              .anyMatch(trace -> trace.attempt() == Integer.parseInt(parts[1])),
          "attempt " + start + " has no trace");
    }
    if (kind == SimPlan.Kind.GENTLE) {
      check(
          ends.charged() == handedBack,
          ends.charged() + " attempts are charged, but " + handedBack + " were handed back");
    }
  }

  // Wherever an event stood since, it says when its first record was stored.
  private void checkTime(String id, String all, SimEnds ends) {
    long millis = ends.stored().getOrDefault(id, List.of()).get(0).timestamp();
    Instant time = Instant.ofEpochMilli(millis);
    check(emitted.getOrDefault(id, time).equals(time), all + "started with another time");
    if (SimEvent.of(id).kind().undecodable()) {
      return;
    }
    for (ConsumerRecord<byte[], byte[]> dead : ends.deadOf(id)) {
      String says = new String(dead.headers().lastHeader(EventHeaders.TIME).value(), UTF_8);
      check(Instant.parse(says).equals(time), all + "is dead with another time: " + says);
    }
  }

  // Every attempt before the last was lost, and the last one was not.
  private void checkAttempts(String id, String all, List<SimEnds.Trace> traces) {
    int last = traces.stream().mapToInt(SimEnds.Trace::attempt).max().orElse(0);
    for (int attempt = 1; attempt < last; attempt++) {
      check(traces.contains(new SimEnds.Trace(attempt, "lost")), all + "misses " + attempt);
    }
    check(
        traces.stream().anyMatch(trace -> trace.attempt() == last && !trace.lost()),
        all + "has no end");
    long ended = traces.stream().filter(t -> !t.lost() && !t.byHandler()).count();
    check(ended <= 1, all + "ended more than once without a handler");
  }
}
