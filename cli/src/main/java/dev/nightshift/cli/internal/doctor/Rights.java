package dev.nightshift.cli.internal.doctor;

import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import dev.nightshift.cli.internal.doctor.Finding.Difference;
import dev.nightshift.cli.internal.doctor.Finding.Level;
import dev.nightshift.common.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;

/// What the brokers allow this login, and what was refused meanwhile. They are asked what is
/// allowed, nothing is tried. Pure.
///
/// @param there the topics that may be described, with what is allowed of each
/// @param refused what was asked and not allowed
/// @param options the options that tell Kafka's own commands this cluster
record Rights(SortedMap<String, TopicDescription> there, List<Refused> refused, String options) {
  private static final String CHECK = "rights of this login";

  /// Something that was not allowed.
  ///
  /// @param doing completes "cannot …"
  /// @param operation the right that is missing
  /// @param resource as `kafka-acls.sh` takes it, such as `--cluster`
  /// @param level how bad it is that it was not checked
  record Refused(String doing, AclOperation operation, String resource, Level level) {
    /// What everybody may ask who runs commands.
    Refused(String doing, AclOperation operation, String resource) {
      this(doing, operation, resource, Level.WRONG);
    }
  }

  List<Finding> findings(TopicPlan plan) {
    List<Finding> findings = new ArrayList<>();
    for (Refused each : refused) {
      findings.add(
          Finding.bad(
              each.level(),
              CHECK,
              new Difference("cannot " + each.doing(), word(each.operation())),
              "What that would show was not checked",
              grant(each.operation(), each.resource())));
    }
    wanted(plan)
        .forEach((topic, operations) ->
            operations.stream()
                .filter(operation -> lacks(topic, operation))
                .map(operation -> lacking(topic, operation))
                .forEach(findings::add));
    return findings.isEmpty()
        ? List.of(Finding.ok(CHECK, "all that this command and operators need"))
        : findings;
  }

  private Finding lacking(String topic, AclOperation operation) {
    return Finding.bad(
        Level.WARNING,
        CHECK,
        new Difference("no right to " + word(operation) + " " + topic, word(operation)),
        "Commands that " + (operation == READ ? "read" : "write to") + " it are refused",
        grant(operation, "--topic " + topic));
  }

  // Who runs commands: emits, looks, sets flags, redrives.
  private static SortedMap<String, List<AclOperation>> wanted(TopicPlan plan) {
    return new TreeMap<>(
        Map.of(
            plan.control(), List.of(READ, WRITE),
            plan.audit(), List.of(READ, WRITE),
            plan.dead(), List.of(READ),
            plan.deadDone(), List.of(READ, WRITE),
            plan.retry(), List.of(READ),
            plan.scale(), List.of(READ),
            plan.traces(), List.of(READ),
            plan.workers(), List.of(READ)));
  }

  private boolean lacks(String topic, AclOperation operation) {
    TopicDescription known = there.get(topic);
    Set<AclOperation> allowed = known == null ? null : known.authorizedOperations();
    return allowed != null && !allowed.contains(operation);
  }

  private String grant(AclOperation operation, String resource) {
    return "kafka-acls.sh "
        + options
        + " --add --allow-principal User:NAME --operation "
        + word(operation)
        + " "
        + resource;
  }

  // DESCRIBE_CONFIGS is DescribeConfigs for Kafka's commands.
  private static String word(AclOperation operation) {
    StringBuilder word = new StringBuilder();
    for (String part : operation.name().split("_")) {
      word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
    }
    return word.toString();
  }
}
