package dev.nightshift.cli.internal.doctor;

import dev.nightshift.cli.internal.doctor.Finding.Difference;
import dev.nightshift.cli.internal.doctor.Finding.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;

/// Checks of the brokers: what they can and how they are set. Pure.
///
/// @param newest the newest `metadata.version` that each broker can, by its id
/// @param finalized the features that the cluster uses
/// @param settings of each broker whose settings may be read, by its id
/// @param options the options that tell Kafka's own commands this cluster
record Brokers(
    SortedMap<Integer, Short> newest,
    Map<String, Short> finalized,
    SortedMap<Integer, Config> settings,
    String options) {
  private static final String METADATA = "metadata.version";
  private static final String TRANSACTIONS = "transaction.version";

  /// Of Kafka 4.0, in its `MetadataVersion`.
  private static final int METADATA_OF_4_0 = 25;

  private static final int TRANSACTIONS_WANTED = 2;
  private static final int LEDGER_CHARS = 4_096;
  private static final long OFFSETS_MINUTES_WANTED = Duration.ofDays(30).toMinutes();

  /// The names of releases, by the last `metadata.version` of each.
  private static final Map<Integer, String> RELEASES =
      new TreeMap<>(
          Map.of(19, "3.7", 20, "3.8", 21, "3.9", 25, "4.0", 27, "4.1", 29, "4.2", 30, "4.3"));

  /// @param recovery how soon a dead worker's events should be started again
  /// @param session for how long a worker that is silent is believed to live, by default
  List<Finding> findings(Duration recovery, Duration session) {
    List<Finding> findings = new ArrayList<>(List.of(count(), version(), transactions()));
    if (!settings.isEmpty()) {
      findings.add(shortestSession(recovery, session));
      findings.add(offsetsRetention());
      findings.add(ledgerSize());
    }
    return findings;
  }

  private Finding count() {
    int count = newest.size();
    String seen = count + (count == 1 ? " broker" : " brokers");
    return count >= Topics.COPIES_WANTED
        ? Finding.ok("brokers", seen)
        : Finding.bad(
            Level.WARNING,
            "brokers",
            new Difference(seen, Topics.COPIES_WANTED + " or more"),
            "An event that was acknowledged is lost when the disks of "
                + (count == 1 ? "this one are" : "both are")
                + ", and nothing works while "
                + (count == 1 ? "it is" : "one of them is")
                + " down (promise 1 wants three copies); for a laptop that is fine");
  }

  private Finding version() {
    List<Integer> old =
        newest.entrySet().stream()
            .filter(each -> each.getValue() < METADATA_OF_4_0)
            .map(Map.Entry::getKey)
            .toList();
    String seen =
        newest.values().stream()
            .distinct()
            .map(level -> release(level) + " (metadata.version " + level + ")")
            .collect(Collectors.joining(", "));
    if (!old.isEmpty()) {
      return Finding.bad(
          Level.WRONG,
          "version of the brokers",
          new Difference(seen, "4.0 or newer on each"),
          "Workers lean on what older brokers do not have. Too old: " + ids(old),
          "install Kafka 4.0 or newer on these, one after another");
    }
    int used = finalized.getOrDefault(METADATA, (short) 0);
    return used >= METADATA_OF_4_0
        ? Finding.ok("version of the brokers", seen)
        : Finding.bad(
            Level.WARNING,
            "version of the brokers",
            new Difference(
                seen + ", in use: " + release(used) + " (metadata.version " + used + ")",
                "4.0 or newer in use"),
            "The brokers were upgraded, but go on working as the older version",
            tool("kafka-features.sh", "upgrade --release-version 4.0"));
  }

  private Finding transactions() {
    int used = finalized.getOrDefault(TRANSACTIONS, (short) 0);
    return used >= TRANSACTIONS_WANTED
        ? Finding.ok(TRANSACTIONS, String.valueOf(used))
        : Finding.bad(
            Level.WRONG,
            TRANSACTIONS,
            new Difference(String.valueOf(used), TRANSACTIONS_WANTED + " or more"),
            "What a worker that was cut off sends late could end up in another transaction",
            tool("kafka-features.sh", "upgrade --feature transaction.version=2"));
  }

  private Finding shortestSession(Duration recovery, Duration session) {
    String name = "group.min.session.timeout.ms";
    long wanted = Math.min(recovery.toMillis(), session.toMillis());
    long most = number(name).stream().mapToLong(Seen::value).max().orElse(0);
    String seen = text(name);
    String mend = inProperties(name, String.valueOf(wanted));
    if (most > wanted) {
      String why =
          most > session.toMillis()
              ? "Workers cannot join their group: they ask for %d ms unless told otherwise"
                  .formatted(session.toMillis())
              : "A dead worker's events cannot be started again within " + millis(recovery);
      return Finding.bad(Level.WRONG, name, new Difference(seen, wanted + " or less"), why, mend);
    }
    if (recovery.compareTo(session) < 0) {
      return Finding.bad(
          Level.WARNING,
          name,
          new Difference(
              seen + ", while workers ask for " + millis(session) + " unless told otherwise",
              "workers that ask for " + millis(recovery)),
          "A dead worker's events are started again after " + millis(session) + " only",
          "start each worker with --command-property session.timeout.ms=" + recovery.toMillis());
    }
    return Finding.ok(name, seen);
  }

  private Finding offsetsRetention() {
    String name = "offsets.retention.minutes";
    return least(name, OFFSETS_MINUTES_WANTED)
        ? Finding.ok(name, text(name))
        : Finding.bad(
            Level.WARNING,
            name,
            new Difference(text(name), OFFSETS_MINUTES_WANTED + " or more"),
            "When no worker runs for so long, Kafka forgets what has been done, and all events that"
                + " are still there run again",
            inProperties(name, "525600"));
  }

  private Finding ledgerSize() {
    String name = "offset.metadata.max.bytes";
    return least(name, LEDGER_CHARS)
        ? Finding.ok(name, text(name))
        : Finding.bad(
            Level.WRONG,
            name,
            new Difference(text(name), LEDGER_CHARS + " or more"),
            "Workers cannot note what they have done",
            inProperties(name, String.valueOf(LEDGER_CHARS)));
  }

  private boolean least(String name, long wanted) {
    return number(name).stream().allMatch(each -> each.value() >= wanted);
  }

  private record Seen(int broker, long value) {}

  private List<Seen> number(String name) {
    List<Seen> all = new ArrayList<>();
    settings.forEach((broker, config) ->
        Optional.ofNullable(config.get(name))
            .map(ConfigEntry::value)
            .ifPresent(value -> all.add(new Seen(broker, Long.parseLong(value)))));
    return all;
  }

  // The brokers are named only where they differ.
  private String text(String name) {
    List<Seen> all = number(name);
    return all.stream().map(Seen::value).distinct().count() <= 1
        ? all.stream().findFirst().map(each -> String.valueOf(each.value())).orElse("not said")
        : all.stream()
            .map(each -> each.value() + " on broker " + each.broker())
            .collect(Collectors.joining(", "));
  }

  private static String inProperties(String name, String value) {
    return "put "
        + name
        + "="
        + value
        + " into server.properties of each broker, and restart them one after another";
  }

  private String tool(String name, String arguments) {
    return name + " " + options + " " + arguments;
  }

  private static String ids(List<Integer> brokers) {
    return brokers.stream().map(id -> "broker " + id).collect(Collectors.joining(", "));
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }

  private static String release(int level) {
    return RELEASES.entrySet().stream()
        .filter(each -> each.getKey() >= level)
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("newer than 4.3");
  }
}
