package dev.nightshift.bench.side;

import dev.nightshift.bench.handlers.Tally;
import dev.nightshift.bench.handlers.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.config.ConfigResource;

/// Kafka's share consumer with explicit acknowledgement: a virtual thread a record, and when all of
/// a poll have ended they are acknowledged.
///
/// `ShareSide BOOTSTRAP TOPIC GROUP`
public final class ShareSide {
  private ShareSide() {}

  /// Runs until all events have come to their ends and are acknowledged.
  public static void main(String[] args) throws InterruptedException, ExecutionException {
    fromTheStart(args[0], args[2]);
    Map<String, Object> config = new HashMap<>(ConsumerSettings.of(args[0], args[2]));
    config.remove(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG); // Not for share groups.
    config.remove(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG);
    config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(config)) {
      consumer.subscribe(List.of(args[1]));
      while (!Tally.OF_PROCESS.done()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(20));
        runAll(records);
        records.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
        consumer.commitAsync();
      }
      consumer.commitSync();
    }
    Tally.OF_PROCESS.durable();
    Tally.OF_PROCESS.dump();
  }

  private static void runAll(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
    List<Thread> running = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      running.add(Thread.ofVirtual().start(() -> run(record.value())));
    }
    for (Thread thread : running) {
      thread.join();
    }
  }

  private static void run(byte[] payload) {
    try {
      Work.run(payload, 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A share group begins at the end unless its own settings say otherwise.
  private static void fromTheStart(String bootstrapServers, String group)
      throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, group),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("share.auto.offset.reset", "earliest"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }
}
