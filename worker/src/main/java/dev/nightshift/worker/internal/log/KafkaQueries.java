package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbstractOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// What the log asks the brokers, each question bounded in time. Owned by the loop's thread. Throws
/// [KafkaException] where there is no answer.
///
/// The committed offsets are read here and not through the consumer, because a consumer keeps
/// silent as long as a transaction is pending, and breaks off when it is woken.
final class KafkaQueries implements AutoCloseable {
  private final Admin admin;
  private final String group;
  private final String transactionalIdPrefix;

  KafkaQueries(Admin admin, KafkaLogSettings settings) {
    this.admin = admin;
    this.group = settings.group();
    this.transactionalIdPrefix = settings.transactionalIdPrefix();
  }

  /// Those of these topics that exist.
  Map<String, TopicDescription> topics(Collection<String> names) {
    return answered(
        admin.describeTopics(names, bounded(new DescribeTopicsOptions())).topicNameValues(),
        Function.identity(),
        KafkaQueries::isNotThere);
  }

  /// What is committed for these partitions. One whose transaction is pending is left out.
  Map<TopicPartition, Optional<Committed>> committed(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> found =
        get(
            admin
                .listConsumerGroupOffsets(
                    Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                    bounded(new ListConsumerGroupOffsetsOptions().requireStable(true)))
                .partitionsToOffsetAndMetadata(group));
    Map<TopicPartition, Optional<Committed>> committed = new HashMap<>();
    found.forEach((partition, offset) ->
        committed.put(
            partition,
            Optional.ofNullable(offset).map(o -> new Committed(o.offset(), o.metadata()))));
    return committed;
  }

  /// The first offset that can be read, or the one after the last, of those that exist and whose
  /// leaders answer.
  Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec which) {
    ListOffsetsResult result =
        admin.listOffsets(
            partitions.stream().collect(Collectors.toMap(Function.identity(), p -> which)),
            bounded(new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)));
    return answered(
        partitions.stream().collect(Collectors.toMap(Function.identity(), result::partitionResult)),
        ListOffsetsResult.ListOffsetsResultInfo::offset,
        failure -> isNotThere(failure) || failure instanceof RetriableException);
  }

  /// Ends the transactions of workers that are no members of the group. What they meant to write is
  /// lost, and what they read is free for others.
  void endTransactionsOfTheGone() {
    List<String> open = openTransactions();
    if (!open.isEmpty()) {
      Set<String> members = members();
      List<String> gone =
          open.stream()
              .filter(id -> !members.contains(id.substring(transactionalIdPrefix.length())))
              .toList();
      if (!gone.isEmpty()) {
        get(admin.fenceProducers(gone, bounded(new FenceProducersOptions())).all());
      }
    }
  }

  private List<String> openTransactions() {
    ListTransactionsOptions ongoing =
        new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
    return get(admin.listTransactions(bounded(ongoing)).all()).stream()
        .map(TransactionListing::transactionalId)
        .filter(id -> id.startsWith(transactionalIdPrefix))
        .toList();
  }

  private Set<String> members() {
    return get(
            admin
                .describeConsumerGroups(
                    List.of(group), bounded(new DescribeConsumerGroupsOptions()))
                .all())
        .values()
        .stream()
        .flatMap(described -> described.members().stream())
        .map(MemberDescription::clientId)
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    admin.close(KafkaLogSettings.CLOSE_TIMEOUT);
  }

  private static <T extends AbstractOptions<T>> T bounded(T options) {
    return options.timeoutMs(Math.toIntExact(KafkaLogSettings.QUERY_TIMEOUT.toMillis()));
  }

  /// @param without what failed so is left out
  private static <K, A, V> Map<K, V> answered(
      Map<K, KafkaFuture<A>> answers, Function<A, V> value, Predicate<KafkaException> without) {
    Map<K, V> answered = new HashMap<>();
    answers.forEach((key, answer) -> {
      try {
        answered.put(key, value.apply(get(answer)));
      } catch (KafkaException e) {
        if (!without.test(e)) {
          throw e;
        }
      }
    });
    return answered;
  }

  // Or not to be seen; the next read or write of it says which.
  private static boolean isNotThere(KafkaException failure) {
    return failure instanceof UnknownTopicOrPartitionException
        || failure instanceof InvalidTopicException
        || failure instanceof TopicAuthorizationException;
  }

  private static <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known
          ? known
          : new KafkaException("a question to the brokers failed", e.getCause());
    }
  }
}
