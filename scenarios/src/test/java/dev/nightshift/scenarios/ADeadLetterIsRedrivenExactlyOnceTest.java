package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ADeadLetterIsRedrivenExactlyOnceTest {
  private static final int LETTERS = 120;

  @Test
  void thoughRedrivesAreKilledInterruptedAndOvertaken(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.emit("killer", "halt-unless mended");
      fleet.await(
          "the killer is dead",
          Duration.ofSeconds(120),
          () -> {
            fleet.restartTheDead(1);
            return "exhausted".equals(fleet.outcomes().get("killer"));
          });
      moreLike(fleet, fleet.dead().get(0));
      fleet.release("mended");
      fleet.restartTheDead(1);

      try (CommandProcess killed = redrive(fleet, folder, "--rate=20/s")) {
        awaitMore(fleet, 0);
        killed.kill();
      }
      int before = again(fleet);
      try (CommandProcess interrupted = redrive(fleet, folder, "--rate=20/s")) {
        awaitMore(fleet, before);
        interrupted.interrupt();
        assertEquals(130, interrupted.exit(), interrupted.printed());
        assertTrue(
            interrupted
                .printed()
                .matches("[0-9]+ dead letters were redriven\n[0-9]+ were not come to\n"),
            interrupted.printed());
      }
      before = again(fleet);
      try (CommandProcess overtaken = redrive(fleet, folder, "--rate=20/s")) {
        awaitMore(fleet, before);
        try (CommandProcess last = redrive(fleet, folder)) {
          assertEquals(0, last.exit(), last.printed());
        }
        assertEquals(4, overtaken.exit(), overtaken.printed());
        assertTrue(
            overtaken.printed().contains("somebody else began to redrive or discard"),
            overtaken.printed());
      }
      fleet.await("all ran again", Duration.ofSeconds(60), () -> again(fleet) == LETTERS + 1);

      try (CommandProcess nothing = redrive(fleet, folder)) {
        assertEquals(0, nothing.exit());
        assertEquals(
            "nightshift: there are no such dead letters\n0 dead letters were redriven\n",
            nothing.printed());
      }
      for (int i = 0; i < LETTERS; i++) {
        assertEquals(List.of(1), fleet.starts("e" + i).stream().map(Note::attempt).toList());
      }
      assertEquals(
          List.of(1, 2, 3, 4, 5, 1), fleet.starts("killer").stream().map(Note::attempt).toList());
    }
  }

  // How many of the dead events have come to their end after all.
  private static int again(ScenarioFleet fleet) {
    return (int) fleet.notes().stream().filter(note -> !note.isStart()).count();
  }

  private static void awaitMore(ScenarioFleet fleet, int before) {
    fleet.await("some run again", Duration.ofSeconds(60), () -> again(fleet) > before);
  }

  private static CommandProcess redrive(ScenarioFleet fleet, Path folder, String... more) {
    String[] command = {
      "dead", "redrive", "--all", "--bootstrap-server=" + fleet.bootstrapServers()
    };
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return CommandProcess.start(folder, all);
  }

  // Letters as the worker wrote the first, of other events; a worker would take minutes for as
  // many.
  private static void moreLike(ScenarioFleet fleet, ConsumerRecord<byte[], byte[]> letter) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fleet.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < LETTERS; i++) {
        Headers headers = new RecordHeaders(letter.headers());
        headers.remove("ce_id").add("ce_id", ("e" + i).getBytes(UTF_8));
        producer.send(
            new ProducerRecord<>(
                letter.topic(), i % 3, null, null, "return".getBytes(UTF_8), headers));
      }
    }
  }
}
