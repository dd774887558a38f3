package dev.nightshift.worker.internal.log;

final class KafkaLogConsumerContractTest extends KafkaLogContract {
  KafkaLogConsumerContractTest() {
    super(KafkaLogSettings.Protocol.CONSUMER);
  }
}
