package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Cluster;
import dev.nightshift.common.DelayedEnd;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Readers;
import dev.nightshift.common.backlog.DelayedEvent;
import dev.nightshift.worker.command.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/// Asks the scheduler not to emit an event, and hears its answer: both are records of the event's
/// key. What Kafka refuses or leaves unanswered is thrown as a
/// [dev.nightshift.common.FleetException]. For one thread.
final class CancelRequest {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Connection connection;
  private final Cluster cluster;
  private final DelayedEvent event;
  private final ConsumerRecord<byte[], byte[]> record;
  private final TopicPartition partition;

  /// What became of the event.
  sealed interface Answer {
    /// It will not be emitted.
    record Cancelled() implements Answer {}

    /// It had been emitted.
    record TooLate(Instant firedAt) implements Answer {}

    /// It had ended before the request was read.
    ///
    /// @param how as the scheduler says it
    record Ended(String how) implements Answer {}

    /// No scheduler has said anything yet; the request stays.
    record None() implements Answer {}
  }

  CancelRequest(Connection connection, DelayedEvent event) {
    this.connection = connection;
    this.cluster = Cluster.of(connection.client(), Connection.ANSWER_MAX);
    this.event = event;
    this.record = event.place().event().record();
    this.partition = new TopicPartition(record.topic(), record.partition());
  }

  /// Asks; returns when Kafka has the request durably.
  ///
  /// @param actor who wants it
  void send(String actor) {
    // Without a value it would be removed after a while, also if no scheduler had read it.
    ProducerRecord<byte[], byte[]> request =
        new ProducerRecord<>(record.topic(), record.partition(), null, record.key(), new byte[0]);
    for (Header header : record.headers()) {
      if (!header.key().equals(EventHeaders.CANCEL)) {
        request.headers().add(header);
      }
    }
    request.headers().add(EventHeaders.CANCEL, actor.getBytes(UTF_8));
    String doing = "ask to cancel event " + event.place().event().id();
    EventSend.send(connection, request, (asked, why) -> asked.failure(doing, why));
  }

  /// Waits for the answer; it may stand before the request, if the event ended just then.
  Answer await(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    String doing = "read the answer in " + partition.topic();
    try {
      KafkaConsumer<byte[], byte[]> consumer = Readers.open(connection.client());
      try {
        consumer.assign(List.of(partition));
        consumer.seek(partition, event.searchedTo());
        do {
          for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
            Optional<Answer> answer = answer(each);
            if (answer.isPresent()) {
              return answer.get();
            }
          }
        } while (System.nanoTime() - end < 0);
        return new Answer.None();
      } finally {
        Readers.close(consumer);
      }
    } catch (KafkaException e) {
      throw cluster.failure(doing, e);
    }
  }

  private Optional<Answer> answer(ConsumerRecord<byte[], byte[]> each) {
    if (!Arrays.equals(each.key(), record.key())) {
      return Optional.empty();
    }
    return DelayedEnd.of(each)
        .filter(end -> end.through() >= record.offset())
        .map(end ->
            switch (end.how()) {
              case "cancelled" -> new Answer.Cancelled();
              case "fired" -> new Answer.TooLate(Instant.ofEpochMilli(each.timestamp()));
              default -> new Answer.Ended(end.how());
            });
  }
}
