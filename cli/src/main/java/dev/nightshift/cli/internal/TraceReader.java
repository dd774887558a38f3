package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Cluster;
import dev.nightshift.common.Readers;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.Silence;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/// Reads the traces topic: from its start, unless it is told where to begin. Owned by one thread.
/// What Kafka refuses or leaves unanswered is thrown as a [dev.nightshift.common.FleetException].
public final class TraceReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Cluster cluster;
  private final TopicPlan plan;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  public TraceReader(Map<String, Object> client, TopicPlan plan) {
    this(client, plan, Connection.ANSWER_MAX);
  }

  /// @param answerMax the longest wait for one answer
  TraceReader(Map<String, Object> client, TopicPlan plan, Duration answerMax) {
    this.cluster = Cluster.of(client, answerMax);
    this.plan = plan;
    this.consumer = ask(() -> Readers.open(client));
    try {
      this.partitions = partitions();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    } catch (RuntimeException e) {
      Readers.close(consumer);
      throw e;
    }
  }

  private List<TopicPartition> partitions() {
    List<TopicPartition> found =
        ask(() -> consumer.partitionsFor(plan.traces(), cluster.timeout())).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (found.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "there is no topic "
              + plan.traces()
              + " on "
              + cluster.bootstrap()
              + ". Check the address and the topic prefix ("
              + plan.prefix()
              + "); a new fleet's topics are made by its first worker");
    }
    return found;
  }

  /// Goes on with the newest traces only.
  ///
  /// @param since those that were stored from then on
  /// @param most and of each partition no more than about so many
  /// @return whether nothing since then is left out
  boolean skipTo(Instant since, long most) {
    Map<TopicPartition, Long> times = new HashMap<>();
    long millis = Math.max(0, since.toEpochMilli()); // Kafka knows no time before
    partitions.forEach(partition -> times.put(partition, millis));
    Map<TopicPartition, OffsetAndTimestamp> found =
        ask(() -> consumer.offsetsForTimes(times, cluster.timeout()));
    Map<TopicPartition, Long> ends = ask(() -> consumer.endOffsets(partitions, cluster.timeout()));
    boolean all = true;
    for (TopicPartition partition : partitions) {
      long end = ends.getOrDefault(partition, 0L);
      OffsetAndTimestamp first = found.get(partition);
      long from = first == null ? end : first.offset();
      all &= end - from <= most;
      consumer.seek(partition, Math.max(from, end - most));
    }
    return all;
  }

  /// Goes on with the traces that were stored from then on.
  void skipTo(Instant since) {
    skipTo(since, Long.MAX_VALUE);
  }

  /// Goes on with what is stored from now on only.
  void skipAll() {
    ask(this::ends).forEach(consumer::seek);
  }

  /// What was there when this was called has been read, once [#hasRead] says so of it.
  Map<TopicPartition, Long> ends() {
    return ask(() -> consumer.endOffsets(partitions, cluster.timeout()));
  }

  /// Whether everything below these offsets has been read.
  boolean hasRead(Map<TopicPartition, Long> ends) {
    return left(ends) == 0;
  }

  private long left(Map<TopicPartition, Long> ends) {
    return ask(() ->
        ends.entrySet().stream()
            .mapToLong(end ->
                Math.max(0, end.getValue() - consumer.position(end.getKey(), cluster.timeout())))
            .sum());
  }

  /// Reads everything below these offsets, and perhaps a few more.
  ///
  /// @param keys which are wanted, see [dev.nightshift.common.TracePlace]
  /// @throws dev.nightshift.common.FleetException also if nothing more comes for as long as an
  ///   answer may take
  List<Trace> readTo(Map<TopicPartition, Long> ends, Predicate<String> keys) {
    List<Trace> read = new ArrayList<>();
    Silence silence = new Silence(cluster.timeout());
    long left = left(ends);
    while (left > 0) {
      long begun = System.nanoTime();
      read.addAll(poll(POLL, keys));
      left = left(ends);
      if (silence.isTooLong(System.nanoTime() - begun, left)) {
        throw cluster.failure(doing(), new TimeoutException("no traces came"));
      }
    }
    return read;
  }

  /// The next traces, waiting up to `wait` for the first. What cannot be read is passed over.
  public List<Trace> poll(Duration wait) {
    return poll(wait, key -> true);
  }

  /// The same, but only those whose keys are wanted, see [dev.nightshift.common.TracePlace].
  List<Trace> poll(Duration wait, Predicate<String> keys) {
    List<Trace> traces = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : ask(() -> consumer.poll(wait))) {
      if (record.value() != null && keys.test(key(record))) {
        try {
          traces.add(RecordCodec.TRACES.decode(record.value()));
        } catch (RecordCodec.UndecodableRecordException e) {
          // Somebody else's; there is nothing to show of it.
        }
      }
    }
    return traces;
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), UTF_8);
  }

  /// Whether everything up to now has been read.
  public boolean atEnd() {
    return hasRead(ends());
  }

  private <T> T ask(Supplier<T> question) {
    return cluster.call(doing(), question);
  }

  private String doing() {
    return "read the traces in " + plan.traces();
  }

  @Override
  public void close() {
    Readers.close(consumer);
  }
}
