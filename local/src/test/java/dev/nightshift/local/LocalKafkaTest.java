package dev.nightshift.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka.Settings;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaTest {
  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void close() {
    kafka.close();
  }

  @Test
  void bothGroupProtocolsReadWhatWasWritten() throws Exception {
    Clients.createTopic(kafka.bootstrapServers(), "plain");
    Clients.produce(kafka.bootstrapServers(), "plain", "a", "b", "c");
    assertEquals(
        List.of("a", "b", "c"), Clients.consume(kafka.bootstrapServers(), "plain", "classic", 3));
    assertEquals(
        List.of("a", "b", "c"), Clients.consume(kafka.bootstrapServers(), "plain", "consumer", 3));
  }

  @Test
  void aTransactionIsSeenWholeOrNotAtAll() throws Exception {
    Clients.createTopic(kafka.bootstrapServers(), "moves");
    Map<String, Object> transactional = Map.of("transactional.id", "mover");
    try (Producer<String, String> producer =
        Clients.producer(kafka.bootstrapServers(), transactional)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("moves", "given up"));
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("moves", "one"));
      producer.send(new ProducerRecord<>("moves", "two"));
      producer.commitTransaction();
    }
    assertEquals(
        List.of("one", "two"), Clients.consume(kafka.bootstrapServers(), "moves", "classic", 2));
  }

  @Test
  void aTopicIsNotMadeByWritingToIt() throws Exception {
    Map<String, Object> impatient = Map.of("max.block.ms", 500);
    try (Producer<String, String> producer =
        Clients.producer(kafka.bootstrapServers(), impatient)) {
      var sent = producer.send(new ProducerRecord<>("typo", "x"));
      Throwable failure = assertThrows(ExecutionException.class, sent::get);
      assertEquals(
          "org.apache.kafka.common.errors.TimeoutException: Topic typo not present in metadata after"
              + " 500 ms.",
          failure.getMessage());
    }
    assertFalse(Clients.topics(kafka.bootstrapServers()).contains("typo"));
  }

  @Test
  void aRestartKeepsPortAndDataAndClients() throws Exception {
    try (LocalKafka own = LocalKafka.start();
        Producer<String, String> producer = Clients.producer(own.bootstrapServers(), Map.of())) {
      String address = own.bootstrapServers();
      assertNotEquals(kafka.bootstrapServers(), address);
      Clients.createTopic(address, "kept");
      producer.send(new ProducerRecord<>("kept", "before")).get();
      own.stop();
      own.stop();
      // A producer whose brokers are all gone forgets the topic, and send blocks to ask again.
      var whileDown =
          new FutureTask<>(() -> producer.send(new ProducerRecord<>("kept", "between")));
      Thread.ofVirtual().start(whileDown);
      own.restart();
      whileDown.get().get();
      own.restart();
      producer.send(new ProducerRecord<>("kept", "after")).get();
      assertEquals(address, own.bootstrapServers());
      assertEquals(
          List.of("before", "between", "after"), Clients.consume(address, "kept", "classic", 3));
    }
  }

  @Test
  void aTemporaryFolderGoesWithItsBroker() {
    LocalKafka own = LocalKafka.start();
    assertTrue(Files.exists(own.dataDirectory()));
    own.close();
    own.close();
    assertFalse(Files.exists(own.dataDirectory()));
  }

  @Test
  void aChosenFolderAndPortServeTheNextBrokerToo(@TempDir Path folder) throws Exception {
    Settings settings = Settings.defaults().withDataDirectory(folder.resolve("data"));
    String address;
    try (LocalKafka first = LocalKafka.start(settings)) {
      address = first.bootstrapServers();
      Clients.createTopic(address, "kept");
      Clients.produce(address, "kept", "a");
    }
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    try (LocalKafka second = LocalKafka.start(settings.withPort(port))) {
      assertEquals(address, second.bootstrapServers());
      assertEquals(List.of("a"), Clients.consume(address, "kept", "classic", 1));
    }
  }

  @Test
  void aTakenPortIsNamed() {
    String address = kafka.bootstrapServers();
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    Settings settings = Settings.defaults().withPort(port);
    var failure = assertThrows(UncheckedIOException.class, () -> LocalKafka.start(settings));
    assertEquals(
        "java.net.BindException: port "
            + port
            + " of 127.0.0.1 is taken by another process; stop that one, or choose another port (0"
            + " takes a free one)",
        failure.getMessage());
  }

  @Test
  void aWrongPropertyStopsTheStart() {
    Settings settings = Settings.defaults().with("num.io.threads", "many");
    var failure = assertThrows(IllegalStateException.class, () -> LocalKafka.start(settings));
    assertEquals(
        "the local Kafka did not start: Invalid value many for configuration num.io.threads: Not a"
            + " number of type INT",
        failure.getMessage());
  }
}
