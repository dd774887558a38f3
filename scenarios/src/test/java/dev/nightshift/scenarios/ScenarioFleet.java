package dev.nightshift.scenarios;

import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.WorkerMain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A real broker and real worker processes, for one scenario. Sessions are short, so that deaths
/// are noticed soon.
final class ScenarioFleet implements AutoCloseable {
  private static final TopicPlan PLAN = TopicPlan.standard();

  private final Path folder;
  private final LocalKafka kafka;
  private final List<Process> workers = new ArrayList<>();
  private int started;

  ScenarioFleet(Path folder, String handlerClass) throws IOException {
    this.folder = folder;
    this.kafka = LocalKafka.start();
    jar(folder.resolve("handlers/handlers.jar"), handlerClass);
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  Process startWorker(String... more) throws IOException {
    String name = "worker-" + ++started;
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                "--name=" + name,
                "--bootstrap-server=" + bootstrapServers(),
                "--handlers=" + folder.resolve("handlers"),
                "--retry-delays=0,200,200,200",
                "--command-property=session.timeout.ms=2000",
                "--command-property=heartbeat.interval.ms=400"));
    command.addAll(List.of(more));
    Process worker =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    workers.add(worker);
    return worker;
  }

  /// Starts a new worker for each that has died.
  void restartTheDead(int wanted) throws IOException {
    workers.removeIf(worker -> !worker.isAlive());
    while (workers.size() < wanted) {
      startWorker();
    }
  }

  List<Trace> traces() {
    return read(PLAN.traces()).stream().map(r -> RecordCodec.TRACES.decode(r.value())).toList();
  }

  List<ConsumerRecord<byte[], byte[]>> dead() {
    return read(PLAN.dead());
  }

  /// Waits until `holds`, asking again and again.
  static void await(String what, Duration atMost, BooleanSupplier holds) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + atMost.toSeconds() + " s: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private static void jar(Path file, String handlerClass) throws IOException {
    Files.createDirectories(file.getParent());
    String entry = handlerClass.replace('.', '/') + ".class";
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
        InputStream bytes = ScenarioFleet.class.getClassLoader().getResourceAsStream(entry)) {
      if (bytes == null) {
        throw new IllegalArgumentException("no class " + handlerClass);
      }
      jar.putNextEntry(new JarEntry(entry));
      bytes.transferTo(jar);
      jar.putNextEntry(new JarEntry("META-INF/services/dev.nightshift.handler.Handler"));
      jar.write(handlerClass.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    for (Process worker : workers) {
      worker.destroyForcibly();
      try {
        worker.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    kafka.close();
  }
}
