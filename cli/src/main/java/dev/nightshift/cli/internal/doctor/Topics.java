package dev.nightshift.cli.internal.doctor;

import dev.nightshift.cli.internal.doctor.Finding.Difference;
import dev.nightshift.cli.internal.doctor.Finding.Level;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TopicProblem;
import dev.nightshift.common.TopicReview;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;

/// Checks of the topics: the fleet's, and those in which Kafka keeps offsets and transactions.
/// Pure.
///
/// @param brokers how many there are
/// @param there the topics that are there, by name
/// @param settings of those whose settings may be read, by name
/// @param review what the fleet needs
/// @param options what commands that mend are told
record Topics(
    List<Integer> brokers,
    SortedMap<String, TopicDescription> there,
    SortedMap<String, Config> settings,
    TopicReview review,
    Doctor.Options options) {
  /// Kafka's own topics that the fleet leans on. They are made when they are first used.
  static final Set<String> OF_KAFKA = Set.of("__consumer_offsets", "__transaction_state");

  /// What promise 1 wants.
  static final int COPIES_WANTED = 3;

  private static final int IN_SYNC_WANTED = 2;
  private static final String IN_SYNC = "min.insync.replicas";
  private static final String UNCLEAN = "unclean.leader.election.enable";
  private static final String BYTES = "max.message.bytes";

  /// What moving an event adds to it at most, without its history: headers of its own.
  private static final long MOVED_BYTES_MORE = 64 << 10;

  /// @param hidden the topics that may not be described
  /// @param left how long the oldest event is safe that waits in a topic from which events go by
  ///   their age
  List<Finding> findings(TopicPlan plan, Set<String> hidden, Map<String, Duration> left) {
    List<Finding> findings = new ArrayList<>();
    findings.add(missing(hidden));
    if (there.isEmpty()) {
      return findings;
    }
    findings.addAll(unsuitable(left));
    findings.addAll(copies());
    findings.addAll(inSync());
    findings.addAll(unclean());
    findings.addAll(bytes(plan));
    findings.addAll(health());
    return findings;
  }

  private Finding missing(Set<String> hidden) {
    List<String> missing =
        review.names().stream()
            .distinct()
            .filter(name -> !there.containsKey(name) && !hidden.contains(name))
            .toList();
    long found = review.names().stream().distinct().filter(there::containsKey).count();
    return missing.isEmpty()
        ? Finding.ok("topics", found + " are there")
        : Finding.bad(
            Level.WRONG,
            "topics",
            new Difference(
                names(missing) + (missing.size() == 1 ? " is" : " are") + " missing",
                "all that the fleet needs"),
            "Nothing can be emitted into a fleet or run by it without its topics",
            "nightshift init " + options.nightshift());
  }

  private List<Finding> unsuitable(Map<String, Duration> left) {
    if (settings.isEmpty()) {
      return List.of();
    }
    List<TopicProblem> problems = review.problems(settings);
    if (problems.isEmpty()) {
      return List.of(Finding.ok("settings of topics", "nothing would be lost"));
    }
    return problems.stream()
        .map(problem ->
            Finding.bad(
                Level.WRONG,
                "settings of topics",
                new Difference(
                    problem.topic() + " has " + pairs(problem.seen()), pairs(problem.wanted())),
                capital(problem.otherwise())
                    + Optional.ofNullable(left.get(problem.topic()))
                        .map(time -> ". " + TopicProblem.removal(time))
                        .orElse(""),
                problem.mend(options.kafka())))
        .toList();
  }

  private List<Finding> copies() {
    List<Finding> findings = new ArrayList<>();
    by(topic -> Optional.of(copies(topic)))
        .forEach((copies, topics) -> {
          if (copies < COPIES_WANTED) {
            boolean possible = brokers.size() > copies;
            findings.add(
                new Finding(
                    possible ? Level.WRONG : Level.WARNING,
                    "copies of topics",
                    copies + " of " + names(topics),
                    COPIES_WANTED + " or more",
                    "An acknowledged event is lost with "
                        + (copies == 1 ? "the disk of its broker" : "the disks of two brokers")
                        + " (promise 1)",
                    possible ? Optional.of(reassign(topics)) : Optional.empty()));
          }
        });
    return findings.isEmpty()
        ? List.of(Finding.ok("copies of topics", COPIES_WANTED + " or more of each"))
        : findings;
  }

  private String reassign(List<String> topics) {
    return new Copies(brokers, Math.min(COPIES_WANTED, brokers.size()))
        .command(topics.stream().map(there::get).toList(), options.kafka());
  }

  private List<Finding> inSync() {
    List<Finding> findings = new ArrayList<>();
    by(name -> number(name, IN_SYNC))
        .forEach((inSync, topics) -> {
          List<String> many =
              topics.stream().filter(each -> copies(each) >= COPIES_WANTED).toList();
          if (inSync < IN_SYNC_WANTED && !many.isEmpty()) {
            findings.add(
                setting(
                    Level.WRONG,
                    new Setting(IN_SYNC, String.valueOf(inSync), String.valueOf(IN_SYNC_WANTED)),
                    many,
                    "An event is acknowledged when one copy has it, and is lost with that"
                        + " (promise 1)"));
          }
          List<String> never = topics.stream().filter(each -> copies(each) < inSync).toList();
          if (!never.isEmpty()) {
            findings.add(
                setting(
                    Level.WRONG,
                    new Setting(IN_SYNC, String.valueOf(inSync), "1"),
                    never,
                    "Nothing can be written: there are fewer copies than that"));
          }
        });
    return or(findings, IN_SYNC, "fits the copies of each topic");
  }

  private List<Finding> unclean() {
    List<Finding> findings = new ArrayList<>();
    by(name -> value(name, UNCLEAN))
        .forEach((value, topics) -> {
          if (!value.equals("false")) {
            findings.add(
                setting(
                    Level.WRONG,
                    new Setting(UNCLEAN, value, "false"),
                    topics,
                    "A copy that lacks acknowledged events may become the leader, and they are lost"
                        + " (promise 1)"));
          }
        });
    return or(findings, UNCLEAN, "false for each topic");
  }

  private List<Finding> bytes(TopicPlan plan) {
    Set<String> targets = Set.of(plan.retry(), plan.dead());
    String emitted = plan.prefix() + "events.";
    long largest =
        settings.keySet().stream()
            .filter(name -> name.startsWith(emitted))
            .flatMap(name -> number(name, BYTES).stream())
            .max(Long::compare)
            .orElse(0L);
    long wanted = largest + MOVED_BYTES_MORE;
    List<Finding> findings = new ArrayList<>();
    by(name -> number(name, BYTES))
        .forEach((bytes, topics) -> {
          List<String> small =
              topics.stream()
                  .filter(name -> targets.contains(name) || plan.isLane(name))
                  .filter(name -> bytes < wanted)
                  .toList();
          if (!small.isEmpty()) {
            findings.add(
                setting(
                    Level.WRONG,
                    new Setting(BYTES, String.valueOf(bytes), String.valueOf(wanted)),
                    small,
                    "Canvases' topics take events of %d bytes, which could not be moved there"
                        .formatted(largest)));
          }
        });
    return or(findings, BYTES, "large enough to move each event");
  }

  private List<Finding> health() {
    List<String> dead = new ArrayList<>();
    List<String> behind = new ArrayList<>();
    there.forEach((name, topic) ->
        topic
            .partitions()
            .forEach(partition -> {
              String each = name + "/" + partition.partition();
              if (partition.leader() == null || partition.leader().isEmpty()) {
                dead.add(each);
              } else if (partition.isr().size() < partition.replicas().size()) {
                behind.add(each);
              }
            }));
    List<Finding> findings = new ArrayList<>();
    if (!dead.isEmpty()) {
      findings.add(
          Finding.bad(
              Level.WRONG,
              "partitions",
              new Difference("no leader of " + names(dead), "a leader of each"),
              "Nothing can be written to these or read from them",
              "start the brokers that are down; see them with: kafka-topics.sh "
                  + options.kafka()
                  + " --describe --unavailable-partitions"));
    }
    if (!behind.isEmpty()) {
      findings.add(
          Finding.bad(
              Level.WARNING,
              "partitions",
              new Difference("copies lag behind of " + names(behind), "all in sync"),
              "One more broker that goes down stops them, or loses events",
              "look for brokers that are down or slow; see the partitions with: kafka-topics.sh "
                  + options.kafka()
                  + " --describe --under-replicated-partitions"));
    }
    return or(findings, "partitions", "all copies are in sync");
  }

  private static List<Finding> or(List<Finding> findings, String check, String fine) {
    return findings.isEmpty() ? List.of(Finding.ok(check, fine)) : findings;
  }

  /// A topic's setting.
  private record Setting(String name, String seen, String wanted) {}

  private Finding setting(Level level, Setting setting, List<String> topics, String why) {
    String mend =
        topics.stream()
            .map(topic ->
                new TopicProblem(
                        topic,
                        new TreeMap<>(Map.of(setting.name(), setting.seen())),
                        new TreeMap<>(Map.of(setting.name(), setting.wanted())),
                        "")
                    .mend(options.kafka()))
            .collect(Collectors.joining(" && "));
    return Finding.bad(
        level,
        setting.name(),
        new Difference(setting.seen() + " for " + names(topics), setting.wanted()),
        why,
        mend);
  }

  private <T extends Comparable<T>> SortedMap<T, List<String>> by(
      Function<String, Optional<T>> value) {
    SortedMap<T, List<String>> groups = new TreeMap<>();
    there
        .keySet()
        .forEach(name ->
            value
                .apply(name)
                .ifPresent(each -> groups.computeIfAbsent(each, _ -> new ArrayList<>()).add(name)));
    return groups;
  }

  private int copies(String topic) {
    TopicDescription known = there.get(topic);
    return known == null || known.partitions().isEmpty()
        ? 0
        : known.partitions().stream().mapToInt(each -> each.replicas().size()).min().getAsInt();
  }

  private Optional<Long> number(String topic, String setting) {
    return value(topic, setting).map(Long::valueOf);
  }

  private Optional<String> value(String topic, String setting) {
    return Optional.ofNullable(settings.get(topic))
        .map(config -> config.get(setting))
        .map(ConfigEntry::value);
  }

  private static final int NAMED_MAX = 5;

  static String names(List<String> names) {
    String some = names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
    return names.size() <= NAMED_MAX ? some : some + " and " + (names.size() - NAMED_MAX) + " more";
  }

  private static String pairs(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
