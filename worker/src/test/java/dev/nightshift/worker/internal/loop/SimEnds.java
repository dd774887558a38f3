package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.worker.internal.log.MemoryCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What a simulated fleet's topics say at one moment.
///
/// @param stored all events by id, with where each stands
/// @param traces each event's traces, by its id
/// @param dead each event's dead letters, by its id
record SimEnds(
    Map<String, List<ConsumerRecord<byte[], byte[]>>> stored,
    Map<String, List<Trace>> traces,
    Map<String, List<ConsumerRecord<byte[], byte[]>>> dead) {

  /// A trace.
  record Trace(int attempt, String outcome) {
    boolean lost() {
      return outcome.equals("lost");
    }

    /// Whether it was stored by a handler that came to its end, not by the loop.
    boolean byHandler() {
      return Set.of("completed", "errored", "timed_out").contains(outcome);
    }
  }

  /// @param gone what stood in event topics that are deleted
  static SimEnds of(
      MemoryCluster cluster, Set<String> eventTopics, List<ConsumerRecord<byte[], byte[]>> gone) {
    Map<String, List<Trace>> traces = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : cluster.read(SimEvent.TRACES)) {
      String[] key = new String(record.key(), UTF_8).split(" ", -1);
      traces
          .computeIfAbsent(key[0], id -> new ArrayList<>())
          .add(new Trace(Integer.parseInt(key[1]), new String(record.value(), UTF_8)));
    }
    Map<String, List<ConsumerRecord<byte[], byte[]>>> stored = new TreeMap<>();
    eventTopics.forEach(topic -> cluster.read(topic).forEach(record -> add(record, stored)));
    gone.forEach(record -> add(record, stored));
    Map<String, List<ConsumerRecord<byte[], byte[]>>> dead = new HashMap<>();
    cluster.read(SimEvent.DEAD).forEach(record -> add(record, dead));
    return new SimEnds(stored, traces, dead);
  }

  private static void add(
      ConsumerRecord<byte[], byte[]> record,
      Map<String, List<ConsumerRecord<byte[], byte[]>>> byId) {
    byId.computeIfAbsent(idOf(record), key -> new ArrayList<>()).add(record);
  }

  /// The id of an event, of whatever kind, that a record holds.
  static String idOf(ConsumerRecord<byte[], byte[]> record) {
    return SimEvent.idOf(record.value())
        .orElseGet(() -> new String(record.headers().lastHeader("ce_id").value(), UTF_8));
  }

  List<Trace> tracesOf(String id) {
    return traces.getOrDefault(id, List.of());
  }

  List<ConsumerRecord<byte[], byte[]>> deadOf(String id) {
    return dead.getOrDefault(id, List.of());
  }

  /// An event without the trace of an end, if there is one.
  Optional<String> unended() {
    return stored.keySet().stream()
        .filter(id -> tracesOf(id).stream().allMatch(Trace::lost))
        .findFirst();
  }

  /// How many attempts were charged.
  long charged() {
    return traces.values().stream()
        .flatMap(List::stream)
        .filter(trace -> trace.lost() || trace.outcome().equals("exhausted"))
        .count();
  }
}
