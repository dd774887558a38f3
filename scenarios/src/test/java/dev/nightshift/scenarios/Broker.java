package dev.nightshift.scenarios;

import dev.nightshift.local.LocalKafka;

/// The Kafka of a scenario: one in this JVM, or a container where an image is named
/// (`-Dnightshift.kafka.image=apache/kafka:4.0.0`). For the test's thread.
sealed interface Broker extends AutoCloseable permits Broker.InThisJvm, ContainerBroker {

  /// Starts one that behaves as it is told; the scenario is skipped where no container can.
  static Broker start(LocalKafka.Settings settings) {
    return ContainerBroker.image()
        .<Broker>map(image -> ContainerBroker.start(image, settings))
        .orElseGet(() -> new InThisJvm(LocalKafka.start(settings)));
  }

  /// `host:port`.
  String bootstrapServers();

  /// Stops it; it keeps its data and its address.
  void stop();

  /// Starts it again with the same data, at the same address.
  void restart();

  @Override
  void close();

  /// One in this JVM.
  record InThisJvm(LocalKafka kafka) implements Broker {
    @Override
    public String bootstrapServers() {
      return kafka.bootstrapServers();
    }

    @Override
    public void stop() {
      kafka.stop();
    }

    @Override
    public void restart() {
      kafka.restart();
    }

    @Override
    public void close() {
      kafka.close();
    }
  }
}
