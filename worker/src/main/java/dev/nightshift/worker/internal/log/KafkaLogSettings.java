package dev.nightshift.worker.internal.log;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.EventPartitioner;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.record.internal.CompressionType;

/// How a [KafkaLog] speaks to Kafka. Immutable.
///
/// @param client properties of Kafka's clients, `bootstrap.servers` and what security needs at
///   least. Each client takes its own, see [ClientConfig]. They replace what is tuned here, never
///   what the promises depend on
/// @param topics names the transactional ids
/// @param group the consumer group; all workers whose transactional ids [TopicPlan] names alike
///   must be in it, as those who are not count as gone
/// @param worker names this worker, its client id and its transactional id; no two live workers
///   share it
/// @param protocol the group's protocol, the same for all its members
public record KafkaLogSettings(
    Map<String, Object> client, TopicPlan topics, String group, String worker, Protocol protocol) {
  /// How a group's members agree on who reads what.
  public enum Protocol {
    /// The member says after how long its silence means death; the brokers allow 6 s and more.
    CLASSIC,
    /// Kafka 4's own; the brokers say, and unless told otherwise it is 45 s.
    CONSUMER
  }

  /// How long a plain commit may take.
  static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(2);

  /// How long a question to the brokers may take.
  static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);

  /// How long leaving may take.
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /// How long one step of a transaction may block the loop.
  private static final Duration BLOCK_MAX = Duration.ofSeconds(3);

  /// How long a record of a transaction may take to be stored, retries included.
  static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(5);

  /// What is under way for longer is given up and tried again on another connection.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(4);

  /// How long a dead worker's transaction holds up others if nobody ends it before.
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  /// How users say for how long the group believes that a silent member lives.
  public static final String SESSION_TIMEOUT_KEY = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

  /// For so long unless told otherwise: the shortest that brokers allow by default.
  public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  /// A member hears of a rebalance with its next heartbeat. Until all have heard, those who have
  /// can commit nothing, and a partition that moves needs two rebalances.
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(500);

  /// When added partitions are noticed at the latest.
  private static final Duration METADATA_AGE_MAX = Duration.ofMinutes(1);

  /// How many records one poll brings, unless told otherwise.
  public static final int POLL_RECORDS_MAX = 2_000;

  /// How long a broker keeps a question for records that it has none for. A partition that was
  /// assigned or resumed meanwhile is only asked for with the next question.
  private static final Duration FETCH_WAIT_MAX = Duration.ofMillis(100);

  /// What one fetch brings of a partition, compressed; one batch at least. A consumer asks a broker
  /// for nothing more while it has not handed over all that it fetched there: what is emitted into
  /// another partition meanwhile waits for that. With Kafka's megabyte, tens of thousands of small
  /// events took four seconds to be moved to their lane.
  private static final int PARTITION_FETCH_BYTES_MAX = 128 << 10;

  /// How large a record is allowed to be is the topic's to say, not the client's.
  private static final int REQUEST_BYTES_MAX = 32 << 20;

  /// Copies what it is given.
  public KafkaLogSettings {
    client = Map.copyOf(client);
  }

  /// For how long the group believes that a silent worker lives.
  public Duration sessionTimeout() {
    Object millis = client.get(SESSION_TIMEOUT_KEY);
    return millis == null
        ? SESSION_TIMEOUT
        : Duration.ofMillis(Long.parseLong(millis.toString().strip()));
  }

  /// This worker's.
  String transactionalId() {
    return topics.transactionalId(worker);
  }

  /// The worker that a transactional id belongs to is what follows it.
  String transactionalIdPrefix() {
    return topics.transactionalId("");
  }

  /// How many records one poll brings at most.
  int pollRecordsMax() {
    return Integer.parseInt(
        String.valueOf(consumer().get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)).strip());
  }

  Map<String, Object> consumer() {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, millis(FETCH_WAIT_MAX));
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES_MAX);
    config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, millis(METADATA_AGE_MAX));
    // Its metrics by topic are named anew for the brokers, which takes a worker of thousands of
    // topics a third of its start.
    config.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    if (protocol == Protocol.CLASSIC) {
      config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(SESSION_TIMEOUT));
      config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(HEARTBEAT_INTERVAL));
    }
    config.putAll(ClientConfig.consumer(client, consumerPromises()));
    return config;
  }

  private Map<String, Object> consumerPromises() {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, worker);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.name().toLowerCase(Locale.ROOT));
    if (protocol == Protocol.CLASSIC) {
      config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, EvenAssignor.class.getName());
    }
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return config;
  }

  Map<String, Object> producer() {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // While markers of the last transaction are written, the next one waits as long as this.
    config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
    // What came compressed may only fit compressed.
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, CompressionType.LZ4.name);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
    config.putAll(ClientConfig.producer(client, producerPromises()));
    return config;
  }

  private Map<String, Object> producerPromises() {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.CLIENT_ID_CONFIG, worker);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId());
    config.putAll(EventPartitioner.settings(topics));
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis(TRANSACTION_TIMEOUT));
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(BLOCK_MAX));
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(REQUEST_TIMEOUT));
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(DELIVERY_TIMEOUT));
    return config;
  }

  Map<String, Object> admin() {
    return ClientConfig.admin(client, Map.of(CommonClientConfigs.CLIENT_ID_CONFIG, worker));
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
