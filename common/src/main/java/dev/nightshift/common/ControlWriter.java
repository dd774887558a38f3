package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.record.AuditRecord;
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

/// Writes the control log, the schedules and the audit: first the audit, then the change. Each call
/// returns when Kafka has it durably. Safe for use by many threads.
public final class ControlWriter implements AutoCloseable {
  private final Map<String, Object> clientConfig;
  private final TopicPlan plan;
  private final Cluster cluster;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /// Nothing is asked of the cluster before something is written.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  public ControlWriter(Map<String, Object> clientConfig, TopicPlan plan, Cluster cluster) {
    this.clientConfig = clientConfig;
    this.plan = plan;
    this.cluster = cluster;
  }

  /// Notes that a change is about to be made.
  void audit(AuditRecord record) {
    write(
        "write the audit record of " + record.getAction() + " " + record.getTarget(),
        new ProducerRecord<>(
            plan.audit(), record.getTarget().getBytes(UTF_8), RecordCodec.AUDIT.encode(record)));
  }

  /// Writes a record.
  ///
  /// @param doing completes "cannot …" in the message should it fail
  /// @throws FleetException if it may not have been written
  public void write(String doing, ProducerRecord<byte[], byte[]> record) {
    try {
      producer().send(record).get(cluster.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw cluster.failure(doing, e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw cluster.failure(doing, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private synchronized KafkaProducer<byte[], byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              ClientConfig.producer(
                  clientConfig,
                  Map.of(
                      "acks", "all",
                      "enable.idempotence", "true",
                      "linger.ms", "0",
                      "max.block.ms", Long.toString(cluster.timeout().toMillis()))),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }
    return producer;
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close();
    }
  }
}
