package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Stage;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.LedgerCodec;
import dev.nightshift.scheduler.ScaleSettings;
import dev.nightshift.scheduler.Scheduler;
import dev.nightshift.scheduler.SchedulerSettings;
import dev.nightshift.scheduler.UpkeepSettings;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// How long a scheduler takes to remove what has ended from many partitions, of which each has got
/// something new.
final class TrimmingRun implements BenchRun {
  private static final int CANVASES = 10;
  private static final Duration TURN_MAX = Duration.ofSeconds(60);
  private static final String TURN = "one turn of trimming";

  @Override
  public String name() {
    return "trimming";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int each = Math.max(1, setting.canvases() / CANVASES);
    String amount = String.format(Locale.ROOT, "%,d partitions", CANVASES * each);
    BlockingQueue<SchedulerEvent.Trimmed> turns = new LinkedBlockingQueue<>();
    try (Stage stage = new Stage(setting)) {
      TopicPlan plan = stage.nextPlan();
      Map<TopicPartition, Uuid> partitions = create(stage, plan, each);
      Map<String, Object> client = Map.of("bootstrap.servers", stage.bootstrapServers());
      SchedulerSettings settings =
          new SchedulerSettings(
              client,
              plan,
              "bench",
              ScaleSettings.DEFAULT,
              new UpkeepSettings(Duration.ofSeconds(1), false));
      try (Scheduler scheduler =
          Scheduler.start(
              settings,
              event -> {
                if (event instanceof SchedulerEvent.Trimmed turn) {
                  turns.add(turn);
                }
              })) {
        // The first one is not measured.
        for (int round = 0; round <= setting.rounds(); round++) {
          settle(stage, plan, partitions, round + 1);
          Duration took = await(turns, partitions.size());
          if (round > 0) {
            measured.add(TURN, "ms", amount, took.toNanos() / 1e6);
            setting.progress().accept(name() + ": " + took.toMillis() + " ms");
          }
        }
        scheduler.stop();
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return new Report(
        name(),
        "In 10 topics of a fleet one more event has ended in each partition. From the start of a turn, with the questions before, to its end.",
        measured.series(),
        List.of(Goal.atMost(TURN, 5_000)),
        List.of());
  }

  private static Map<TopicPartition, Uuid> create(Stage stage, TopicPlan plan, int each) {
    Map<TopicPartition, Uuid> partitions = new HashMap<>();
    try (Fleet fleet = stage.fleet(plan)) {
      fleet.init(OptionalInt.of(1));
      for (int canvas = 0; canvas < CANVASES; canvas++) {
        Stage.createCanvas(fleet, "c" + canvas, each);
        String topic = plan.events("c" + canvas, 1);
        Uuid id =
            stage.admin().describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                .findFirst()
                .orElseThrow()
                .topicId();
        for (int i = 0; i < each; i++) {
          partitions.put(new TopicPartition(topic, i), id);
        }
      }
      return partitions;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // As if a worker had run one event of each.
  private static void settle(
      Stage stage, TopicPlan plan, Map<TopicPartition, Uuid> partitions, long base)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stage.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (TopicPartition partition : partitions.keySet()) {
        producer.send(
            new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[100]));
      }
    }
    Map<TopicPartition, OffsetAndMetadata> ledgers = new HashMap<>();
    partitions.forEach((partition, id) ->
        ledgers.put(
            partition,
            new OffsetAndMetadata(base, LedgerCodec.encode(Ledger.empty(id, base), "worker"))));
    stage.admin().alterConsumerGroupOffsets(plan.workersGroup(), ledgers).all().get();
  }

  // A turn may have come in the midst of it.
  private static Duration await(BlockingQueue<SchedulerEvent.Trimmed> turns, int partitions)
      throws InterruptedException {
    Duration took = Duration.ZERO;
    for (int trimmed = 0; trimmed < partitions; ) {
      SchedulerEvent.Trimmed turn = turns.poll(TURN_MAX.toMillis(), TimeUnit.MILLISECONDS);
      if (turn == null) {
        throw new IllegalStateException(
            trimmed + " of " + partitions + " partitions were trimmed within " + TURN_MAX);
      }
      trimmed += turn.partitions();
      took = took.plus(turn.took());
    }
    return took;
  }
}
