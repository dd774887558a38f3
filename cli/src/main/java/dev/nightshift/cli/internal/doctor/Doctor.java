package dev.nightshift.cli.internal.doctor;

import dev.nightshift.cli.internal.doctor.Finding.Level;
import dev.nightshift.cli.internal.doctor.Rights.Refused;
import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlLog;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.Scope;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TopicProblem;
import dev.nightshift.common.TopicReview;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.backlog.QueueDepth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Asks a cluster and a fleet all that the checks need, and runs these. Owned by one thread. What
/// it is not allowed to ask is a finding, too; a cluster that does not answer is an exception.
public final class Doctor implements AutoCloseable {
  /// The backlog is counted for no longer: that something waits shows soon.
  private static final Duration COUNT_MAX = Duration.ofMillis(1_200);

  private static final String NOBODY = "nightshift-doctor";

  private final Patient patient;
  private final Cluster cluster;
  private final Admin admin;
  private final List<Refused> refused = new ArrayList<>();

  /// Who is looked at.
  ///
  /// @param client settings for all clients
  /// @param answerMax the longest wait for one answer
  public record Patient(
      Map<String, Object> client, TopicPlan plan, Options options, Duration answerMax) {}

  /// What commands that mend are told.
  ///
  /// @param kafka for Kafka's own: which cluster
  /// @param nightshift for Nightshift's: which fleet
  public record Options(String kafka, String nightshift) {}

  /// Asks nothing yet.
  public Doctor(Patient patient) {
    this.patient = patient;
    this.cluster = Cluster.of(patient.client(), patient.answerMax());
    try {
      this.admin = Admin.create(ClientConfig.admin(patient.client(), Map.of()));
    } catch (KafkaException e) {
      throw cluster.failure("connect to the cluster", e);
    }
  }

  /// Looks at everything.
  ///
  /// @param recovery how soon a dead worker's events should be started again
  /// @param session for how long a worker that is silent is believed to live, by default
  /// @throws FleetException.Unreachable if the cluster does not answer
  public List<Finding> examine(Duration recovery, Duration session) {
    Collection<Node> nodes =
        cluster.ask("describe the cluster", () -> admin.describeCluster().nodes());
    List<Integer> ids = nodes.stream().map(Node::id).sorted().toList();
    List<Finding> findings = new ArrayList<>(brokers(ids).findings(recovery, session));
    ControlView view = view();
    TopicReview review = new TopicReview(patient.plan(), view);
    List<String> names = new ArrayList<>(review.names());
    names.addAll(Topics.OF_KAFKA);
    SortedMap<String, TopicDescription> there = topics(names);
    SortedMap<String, Config> settings = topicSettings(there.keySet());
    findings.addAll(
        new Topics(ids, there, settings, review, patient.options())
            .findings(patient.plan(), hidden(names), left(review.problems(settings))));
    if (there.containsKey(patient.plan().workers())) {
      findings.addAll(workers(view, review).findings(Instant.now()));
      findings.add(schedulers().finding());
      clock(patient.plan().workers()).map(Clock::finding).ifPresent(findings::add);
    }
    findings.addAll(new Rights(there, refused, patient.options().kafka()).findings(patient.plan()));
    return findings;
  }

  // How long what waits is safe in topics from which events go by their age.
  private Map<String, Duration> left(List<TopicProblem> problems) {
    Map<String, Duration> left = new HashMap<>();
    Instant now = Instant.now();
    for (TopicProblem problem : problems) {
      String topic = problem.topic();
      if (problem.left(now, now).isPresent()) {
        allowed(
                new Refused("read " + topic, AclOperation.READ, "--topic " + topic),
                () -> oldest(topic))
            .flatMap(oldest -> oldest.flatMap(stored -> problem.left(stored, now)))
            .ifPresent(time -> left.put(topic, time));
      }
    }
    return left;
  }

  private Optional<Instant> oldest(String topic) {
    try (BacklogReader reader =
        BacklogReader.of(patient.client(), patient.plan(), patient.answerMax())) {
      return reader.oldest(topic);
    }
  }

  private Set<String> hidden(List<String> names) {
    Set<String> hidden = new HashSet<>();
    for (Refused each : refused) {
      names.stream().filter(name -> each.resource().equals("--topic " + name)).forEach(hidden::add);
    }
    return hidden;
  }

  private Brokers brokers(List<Integer> ids) {
    SortedMap<Integer, Short> newest = new TreeMap<>();
    Map<String, Short> finalized = new HashMap<>();
    for (Integer id : ids) {
      FeatureMetadata features =
          cluster.ask(
              "ask broker " + id + " for its features",
              () ->
                  admin
                      .describeFeatures(new DescribeFeaturesOptions().nodeId(id))
                      .featureMetadata());
      var supported = features.supportedFeatures().get("metadata.version");
      newest.put(id, supported == null ? 0 : supported.maxVersion());
      features
          .finalizedFeatures()
          .forEach((name, range) -> finalized.put(name, range.maxVersionLevel()));
    }
    SortedMap<Integer, Config> settings = new TreeMap<>();
    List<ConfigResource> resources =
        ids.stream()
            .map(id -> new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(id)))
            .toList();
    allowed(
            new Refused(
                "read the settings of the brokers", AclOperation.DESCRIBE_CONFIGS, "--cluster"),
            () ->
                cluster.ask(
                    "read the settings of the brokers",
                    () -> admin.describeConfigs(resources).all()))
        .ifPresent(all ->
            all.forEach((broker, config) -> settings.put(Integer.valueOf(broker.name()), config)));
    return new Brokers(newest, finalized, settings, patient.options().kafka());
  }

  private ControlView view() {
    String control = patient.plan().control();
    try {
      return allowed(
              new Refused("read " + control, AclOperation.READ, "--topic " + control),
              this::readControl)
          .orElse(ControlView.EMPTY);
    } catch (FleetException.NotInitialized e) {
      return ControlView.EMPTY;
    }
  }

  private ControlView readControl() {
    try (FollowedLog<ControlView> log =
        ControlLog.start(patient.client(), patient.plan(), patient.answerMax())) {
      return log.view();
    }
  }

  private SortedMap<String, TopicDescription> topics(List<String> names) {
    SortedMap<String, TopicDescription> there = new TreeMap<>();
    var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
    admin
        .describeTopics(names, options)
        .topicNameValues()
        .forEach((name, answer) ->
            known("describe " + name, AclOperation.DESCRIBE, name, answer)
                .ifPresent(topic -> there.put(name, topic)));
    return there;
  }

  private SortedMap<String, Config> topicSettings(Collection<String> names) {
    SortedMap<String, Config> settings = new TreeMap<>();
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    admin
        .describeConfigs(resources)
        .values()
        .forEach((topic, answer) ->
            known(
                    "read the settings of " + topic.name(),
                    AclOperation.DESCRIBE_CONFIGS,
                    topic.name(),
                    answer)
                .ifPresent(config -> settings.put(topic.name(), config)));
    return settings;
  }

  // Empty if there is no such topic, or it may not be asked.
  private <T> Optional<T> known(
      String doing, AclOperation operation, String topic, KafkaFuture<T> answer) {
    try {
      return Optional.of(answer.get(patient.answerMax().toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      if (e.getCause() instanceof AuthorizationException) {
        refused.add(new Refused(doing, operation, "--topic " + topic));
        return Optional.empty();
      }
      throw cluster.failure(doing, e.getCause());
    } catch (TimeoutException e) {
      throw cluster.failure(doing, e);
    } catch (InterruptedException e) {
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }

  private Workers workers(ControlView view, TopicReview review) {
    String topic = patient.plan().workers();
    List<WorkerBeat> live =
        allowed(
                new Refused("read " + topic, AclOperation.READ, "--topic " + topic),
                this::liveWorkers)
            .orElse(List.of());
    List<String> subscribed =
        review.names().stream().filter(name -> !patient.plan().own().contains(name)).toList();
    return new Workers(live, view, depths(view), subscribed, patient.options().nightshift());
  }

  private List<WorkerBeat> liveWorkers() {
    try (FollowedLog<WorkersView> log =
        WorkersLog.start(patient.client(), patient.plan(), patient.answerMax())) {
      return log.view().live(Instant.now());
    }
  }

  // Their group has who has only just started, too; what they write comes later.
  private Schedulers schedulers() {
    String group = patient.plan().schedulersGroup();
    String doing = "describe the group " + group;
    OptionalInt live;
    try {
      var described =
          cluster.ask(doing, () -> admin.describeConsumerGroups(List.of(group)).all()).get(group);
      live = OptionalInt.of(described == null ? 0 : described.members().size());
    } catch (FleetException.Refused e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        live = OptionalInt.of(0);
      } else if (e.getCause() instanceof AuthorizationException) {
        live = OptionalInt.empty();
      } else {
        throw e;
      }
    }
    return new Schedulers(live, group, patient.options().nightshift());
  }

  private SortedMap<QueueName, QueueDepth> depths(ControlView view) {
    return allowed(
            new Refused(
                "count what waits",
                AclOperation.READ,
                "--topic " + patient.plan().prefix() + " --resource-pattern-type prefixed"),
            () -> count(view))
        .orElse(new TreeMap<>());
  }

  private SortedMap<QueueName, QueueDepth> count(ControlView view) {
    try (BacklogReader reader =
        BacklogReader.of(patient.client(), patient.plan(), patient.answerMax())) {
      Backlog backlog = reader.begin(view, Scope.parse("*"));
      backlog.read(COUNT_MAX);
      return backlog.depths();
    }
  }

  // A record that says a worker has gone that never was: whoever reads it ignores it.
  private Optional<Clock> clock(String topic) {
    Map<String, Object> settings =
        ClientConfig.producer(
            patient.client(),
            Map.of("linger.ms", "0", "max.block.ms", patient.answerMax().toMillis()));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.partitionsFor(topic);
      var gone = WorkersLog.gone(patient.plan(), NOBODY);
      Instant sent = Instant.now();
      RecordMetadata stored =
          producer.send(gone).get(patient.answerMax().toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(new Clock(sent, Instant.ofEpochMilli(stored.timestamp()), Instant.now()));
    } catch (ExecutionException e) {
      return refusedClock(topic, e.getCause());
    } catch (KafkaException | TimeoutException e) {
      return refusedClock(topic, e);
    } catch (InterruptedException e) {
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }

  private Optional<Clock> refusedClock(String topic, @Nullable Throwable cause) {
    if (cause instanceof AuthorizationException) {
      // Nobody but workers needs that right.
      refused.add(
          new Refused(
              "compare the clocks, for want of a record in " + topic,
              AclOperation.WRITE,
              "--topic " + topic,
              Level.WARNING));
      return Optional.empty();
    }
    throw cluster.failure("compare the clocks", cause);
  }

  private <T> Optional<T> allowed(Refused otherwise, Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (FleetException.Refused e) {
      if (e.getCause() instanceof AuthorizationException) {
        refused.add(otherwise);
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
