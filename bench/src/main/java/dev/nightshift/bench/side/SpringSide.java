package dev.nightshift.bench.side;

import dev.nightshift.bench.handlers.Tally;
import dev.nightshift.bench.handlers.Work;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.EnableKafkaRetryTopic;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/// Spring for Kafka with retry topics: a listener with a thread for each partition.
///
/// `SpringSide BOOTSTRAP TOPIC GROUP`
@Configuration(proxyBeanMethods = false)
@EnableKafka
@EnableKafkaRetryTopic
public class SpringSide {
  private static final long LOOK_NANOS = 2_000_000;
  private static final String BOOTSTRAP = "bench.spring.bootstrap";
  private static final String GROUP = "bench.spring.group";

  /// Runs until all events have come to their ends and are committed.
  public static void main(String[] args) {
    System.setProperty(BOOTSTRAP, args[0]);
    System.setProperty("bench.spring.topic", args[1]);
    System.setProperty(GROUP, args[2]);
    try (var context = new AnnotationConfigApplicationContext(SpringSide.class)) {
      while (!Tally.OF_PROCESS.done()) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } // Closing commits.
    Tally.OF_PROCESS.durable();
    Tally.OF_PROCESS.dump();
  }

  /// Runs one event; what it throws would go to a retry topic.
  @RetryableTopic(attempts = "5")
  @KafkaListener(topics = "#{systemProperties['bench.spring.topic']}")
  public void run(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    Work.run(record.value(), 1);
  }

  /// As many threads as a topic has partitions.
  @Bean
  public ConcurrentKafkaListenerContainerFactory<byte[], byte[]> kafkaListenerContainerFactory() {
    var factory = new ConcurrentKafkaListenerContainerFactory<byte[], byte[]>();
    factory.setConsumerFactory(
        new DefaultKafkaConsumerFactory<>(
            ConsumerSettings.of(System.getProperty(BOOTSTRAP), System.getProperty(GROUP))));
    factory.setConcurrency(6);
    return factory;
  }

  /// Writes to retry topics.
  @Bean
  public KafkaTemplate<byte[], byte[]> defaultRetryTopicKafkaTemplate() {
    return new KafkaTemplate<>(
        new DefaultKafkaProducerFactory<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                System.getProperty(BOOTSTRAP),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class)));
  }

  /// Makes retry topics.
  @Bean
  public KafkaAdmin kafkaAdmin() {
    return new KafkaAdmin(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, System.getProperty(BOOTSTRAP)));
  }

  /// Wakes retries.
  @Bean
  public TaskScheduler taskScheduler() {
    return new ThreadPoolTaskScheduler();
  }
}
