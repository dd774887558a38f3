package dev.nightshift.worker.internal.log;

import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.internal.log.KafkaLogSettings.Protocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// The contract on a broker, with one group protocol.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KafkaLogContract extends EventLogContract {
  private final Protocol protocol;
  private LocalKafka kafka;

  KafkaLogContract(Protocol protocol) {
    this.protocol = protocol;
  }

  @BeforeAll
  void startKafka() {
    kafka =
        LocalKafka.start(
            LocalKafka.Settings.defaults().with("group.consumer.heartbeat.interval.ms", "200"));
  }

  @AfterAll
  void stopKafka() {
    kafka.close();
  }

  @Override
  LogFixture open() {
    return new KafkaFixture(kafka.bootstrapServers(), protocol);
  }
}
