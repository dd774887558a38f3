package dev.nightshift.cli.internal;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.Cluster;
import dev.nightshift.worker.command.Connection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Sends one event whose record says more than emitters may say.
final class EventSend {
  private EventSend() {}

  /// Says what to throw when it is not known to be stored.
  interface Failures {
    RuntimeException of(Cluster cluster, @Nullable Throwable why);
  }

  /// Returns when Kafka has it durably.
  static void send(
      Connection connection, ProducerRecord<byte[], byte[]> record, Failures failures) {
    Map<String, Object> client = connection.client();
    Cluster cluster = Cluster.of(client, Connection.ANSWER_MAX);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            ClientConfig.producer(client, settings()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(record).get(cluster.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failures.of(cluster, e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw failures.of(cluster, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static Map<String, Object> settings() {
    int wait = Math.toIntExact(Connection.ANSWER_MAX.toMillis());
    return Map.of(
        "acks",
        "all",
        "enable.idempotence",
        "true",
        "linger.ms",
        "0",
        "max.block.ms",
        wait,
        "delivery.timeout.ms",
        wait,
        "request.timeout.ms",
        wait / 2);
  }
}
