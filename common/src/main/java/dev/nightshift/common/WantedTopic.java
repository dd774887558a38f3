package dev.nightshift.common;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;

/// What one topic must be like. Pure.
///
/// @param settings given to it when it is made
/// @param musts those of the settings that one which is there must have, too
/// @param otherwise what happens to a topic without them, for the message
record WantedTopic(
    String name,
    int partitions,
    Map<String, String> settings,
    Set<String> musts,
    String otherwise) {
  private static final String SEGMENT_BYTES = Integer.toString(64 << 20);

  /// How it is made.
  ///
  /// With three copies or more two must be in sync to acknowledge. Where the number of copies is
  /// left to the brokers, so is this: it must fit a number that is not known here.
  NewTopic toMake(OptionalInt replication) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("unclean.leader.election.enable", "false");
    all.put("segment.bytes", SEGMENT_BYTES);
    Optional<Short> copies = Optional.empty();
    if (replication.isPresent()) {
      all.put("min.insync.replicas", replication.getAsInt() >= 3 ? "2" : "1");
      copies = Optional.of((short) replication.getAsInt());
    }
    return new NewTopic(name, Optional.of(partitions), copies).configs(all);
  }

  /// What is wrong with one that is there.
  Optional<TopicProblem> problem(Config config) {
    Map<String, String> seen = new TreeMap<>();
    Map<String, String> wanted = new TreeMap<>();
    for (String must : musts) {
      String value = Objects.requireNonNull(config.get(must), must).value();
      String allowed = Objects.requireNonNull(settings.get(must), must);
      if (!value.equals(allowed)) {
        seen.put(must, value);
        wanted.put(must, allowed);
      }
    }
    return seen.isEmpty()
        ? Optional.empty()
        : Optional.of(new TopicProblem(name, seen, wanted, otherwise));
  }
}
