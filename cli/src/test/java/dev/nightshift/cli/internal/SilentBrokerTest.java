package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cause;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.Scope;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A broker that goes while somebody reads to an end that it has named.
@Timeout(120)
class SilentBrokerTest {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(4);
  private static final Duration LONG = Duration.ofHours(1);

  private final TopicPlan plan = TopicPlan.standard();

  @Test
  void nobody_waits_for_ever_for_what_does_not_come() throws Exception {
    try (LocalKafka kafka = LocalKafka.start()) {
      Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
      ControlView view = fleet(client);
      try (TraceReader traces = new TraceReader(client, plan, ANSWER_MAX);
          BacklogReader reader = BacklogReader.of(client, plan, ANSWER_MAX)) {
        traces.skipTo(Instant.EPOCH.minusSeconds(1)); // a time that Kafka does not know
        Map<TopicPartition, Long> ends = traces.ends();
        Backlog backlog = reader.begin(view, Scope.all());
        kafka.stop();
        assertEquals(
            "cannot read the traces in " + plan.traces() + unanswered(kafka, "no traces came"),
            assertThrows(FleetException.Unreachable.class, () -> traces.readTo(ends, key -> true))
                .getMessage());
        assertEquals(
            "cannot count what waits in the fleet's topics" + unanswered(kafka, "no records came"),
            assertThrows(FleetException.Unreachable.class, () -> backlog.read(LONG)).getMessage());
      }
    }
  }

  private ControlView fleet(Map<String, Object> client)
      throws InterruptedException, ExecutionException {
    try (Fleet fleet = Fleet.of(client, plan, Duration.ofSeconds(20));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      fleet.init(OptionalInt.of(1));
      Canvas shop = fleet.createCanvas("shop", 1, OptionalInt.of(1), new Cause("test", "")).after();
      byte[] some = "some".getBytes(UTF_8);
      producer.send(new ProducerRecord<>(plan.traces(), 0, some, some)).get();
      producer.send(new ProducerRecord<>(shop.topic(), 0, some, some)).get();
      return fleet.view();
    }
  }

  private static String unanswered(LocalKafka kafka, String why) {
    return ": Kafka at "
        + kafka.bootstrapServers()
        + " did not answer within 4 s (TimeoutException: "
        + why
        + "). Check that the brokers run and that bootstrap.servers is right; a TLS or SASL listener"
        + " also wants its settings in the client configuration";
  }
}
