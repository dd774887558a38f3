package dev.nightshift.worker.internal.log;

final class KafkaLogClassicContractTest extends KafkaLogContract {
  KafkaLogClassicContractTest() {
    super(KafkaLogSettings.Protocol.CLASSIC);
  }
}
