package dev.nightshift.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NightshiftExtensionTest {
  @RegisterExtension
  static final NightshiftExtension NIGHTSHIFT =
      NightshiftExtension.running(new Greet(), new Letter());

  @Test
  void anEventRunsOnKafkaAndSoDoesItsChild() {
    HandlerRun run = NIGHTSHIFT.await(emit("greet", "letter"));
    assertEquals("completed", run.outcome(), run::toString);
    assertEquals(List.of("greets Ada"), run.logs());
    HandlerRun.Child child = run.children().get(0);
    assertEquals("letter", child.queue());
    assertEquals(Optional.of("letter {\"to\":\"Ada\"}"), NIGHTSHIFT.await(child.id()).result());
  }

  @Test
  void aQueueWithoutAHandlerIsTold() {
    assertEquals("no_handler", NIGHTSHIFT.await(emit("nobody", "plain")).outcome());
  }

  @Test
  void whatSomebodyElseWritesAmongTheTracesIsPassedOver() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", NIGHTSHIFT.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int partition = 0; partition < 6; partition++) {
        byte[] key = {1};
        producer.send(new ProducerRecord<>("nightshift.traces", partition, key, null)).get();
        producer.send(new ProducerRecord<>("nightshift.traces", partition, key, key)).get();
      }
    }
    assertEquals("completed", NIGHTSHIFT.await(emit("greet", "plain")).outcome());
  }

  @Test
  void outsideOfATestClassItSaysHowToRegisterIt() {
    var failure =
        assertThrows(
            IllegalStateException.class, () -> NightshiftExtension.running().bootstrapServers());
    assertEquals(
        "Nightshift runs only during the tests of a class: register the extension in a static"
            + " field with @RegisterExtension",
        failure.getMessage());
  }

  private static String emit(String queue, String manner) {
    String payload = "{\"name\":\"Ada\",\"manner\":\"" + manner + "\"}";
    return NIGHTSHIFT.emitter().emitJson("kit", queue, payload).join().id();
  }
}
