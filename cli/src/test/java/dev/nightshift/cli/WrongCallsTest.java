package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.local.LocalKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What commands say that cannot do what they are told: no cluster, none there, no fleet, nothing
/// of that name, no right.
@Timeout(120)
class WrongCallsTest {
  private static LocalKafka kafka;

  @BeforeAll
  static void start() throws Exception {
    kafka =
        LocalKafka.start(
            LocalKafka.Settings.defaults()
                .with(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "true"));
    run("init", "--replication=1");
    run("canvas", "create", "shop", "--partitions=1");
    run("init", "--replication=1", "--topic-prefix=closed.");
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  static Stream<String> calls() {
    return Stream.of(
        "queue list",
        "queue describe shop/mail",
        "queue pause shop/mail",
        "queue resume shop/mail",
        "queue block shop/mail --reason=r",
        "queue unblock shop/mail",
        "queue limit shop/mail --concurrency=1",
        "canvas list",
        "canvas create shop",
        "canvas describe shop",
        "canvas delete shop --yes",
        "workers list",
        "workers set w --concurrency=1",
        "scale",
        "scale set --min=1",
        "cron list",
        "cron set shop/beat --queue=ping --every=1m",
        "cron trigger shop/beat",
        "audit",
        "top",
        "init",
        "doctor");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void without_a_cluster_it_is_asked_which(String call) {
    Said said = Said.by(call.split(" "));
    String command = call.replaceFirst("^(\\S+ [a-z]+).*", "$1").replaceFirst(" --.*", "");
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: which cluster? Say --bootstrap-server HOST:PORT, or set"
                + " NIGHTSHIFT_BOOTSTRAP_SERVER\nHow it is used: nightshift "
                + command
                + " --help\n"),
        said);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void a_host_that_is_not_there_is_not_found(String call) {
    List<String> arguments = new ArrayList<>(List.of(call.split(" ")));
    arguments.add("--bootstrap-server=no.such.host.invalid:9092");
    Said said = Said.by(arguments.toArray(String[]::new));
    assertEquals(
        new Said(
            69,
            "",
            "nightshift: cannot DO: Kafka at no.such.host.invalid:9092 was not found"
                + " (ConfigException: No resolvable bootstrap urls given in bootstrap.servers)."
                + " Check that the brokers run and that --bootstrap-server (NIGHTSHIFT_BOOTSTRAP_SERVER) is"
                + " right; a TLS or SASL listener also wants its settings in the client configuration\n"),
        new Said(
            said.exitCode(), said.out(), said.err().replaceFirst("cannot [^:]+:", "cannot DO:")));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void where_nobody_listens_nobody_is_waited_for(String call) {
    List<String> arguments = new ArrayList<>(List.of(call.split(" ")));
    arguments.add("--bootstrap-server=localhost:1,no.such.host.invalid:9092");
    assertEquals(
        new Said(
            69,
            "",
            "nightshift: cannot connect to the cluster: Kafka at"
                + " localhost:1,no.such.host.invalid:9092 does not answer (localhost:1 refuses"
                + " connections; no.such.host.invalid:9092 is not known). Check that the brokers run"
                + " and that --bootstrap-server (NIGHTSHIFT_BOOTSTRAP_SERVER) is right; a TLS or SASL"
                + " listener also wants its settings in the client configuration\n"),
        Said.by(arguments.toArray(String[]::new)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          queue describe shpo/mail              | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          queue pause shpo/mail                 | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          queue resume shpo/*                   | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          queue block shpo/mail --reason=r      | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          queue limit shpo/mail --concurrency=1 | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          canvas describe shpo                  | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          canvas delete shpo --yes              | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          workers set w9 --concurrency=1        | 3 | no worker 'w9' lives. See them with: nightshift workers list
          queue list shpo/*                     | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          queue list                            | 0 | no queue has events or flags yet; emit one with: nightshift event emit CANVAS/QUEUE JSON
          cron list                             | 0 | there are no crons; set one with: nightshift cron set CANVAS/NAME --queue QUEUE --schedule TIMES
          cron list shpo                        | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          cron set shpo/a --queue=q --every=1m  | 3 | there is no canvas 'shpo'; did you mean shop? See them with: nightshift canvas list
          cron describe shop/a                  | 3 | there is no cron 'shop/a'; see what there is with: nightshift cron list shop
          cron pause shop/a                     | 3 | there is no cron 'shop/a'; see what there is with: nightshift cron list shop
          cron next shop/a                      | 3 | there is no cron 'shop/a'; see what there is with: nightshift cron list shop
          cron trigger shop/a                   | 3 | there is no cron 'shop/a'; see what there is with: nightshift cron list shop
          audit --canvas=shpo                   | 0 | the audit has no such changes
          audit --topic-prefix=closed.          | 0 | the audit has no entries
          dead list                             | 0 | there are no dead letters
          queue list shop/*                     | 0 | no queue of shop/* has events or flags
          """)
  void what_is_not_there_is_not_found(String call, int exitCode, String says) {
    assertEquals(new Said(exitCode, "", "nightshift: " + says + "\n"), run(call.split(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          queue describe shop                | 'shop'   | " 'shop/*'"
          queue describe shop/*              | 'shop/*' | " 'shop/*'"
          queue limit shop/* --rate=1/s      | 'shop/*' | " 'shop/*'"
          queue breaker shop                 | 'shop'   | " 'shop/*'"
          queue breaker *                    | '*'      | ""
          """)
  void where_one_queue_is_wanted_it_is_said_how_to_find_it(String call, String seen, String scope) {
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: CANVAS/QUEUE: "
                + seen
                + " is not one queue: write CANVAS/QUEUE, such as quakes/assess; see what there is"
                + " with: nightshift queue list"
                + scope
                + "\nHow it is used: nightshift "
                + call.replaceFirst("^(\\S+ \\S+) .*", "$1")
                + " --help\n"),
        run(call.split(" ")));
  }

  @Test
  void what_is_not_allowed_is_said_and_what_to_do() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      AclBinding denied =
          new AclBinding(
              new ResourcePattern(ResourceType.TOPIC, "closed.", PatternType.PREFIXED),
              new AccessControlEntry(
                  "User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY));
      AclBinding allowed =
          new AclBinding(
              new ResourcePattern(ResourceType.TOPIC, "closed.", PatternType.PREFIXED),
              new AccessControlEntry(
                  "User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW));
      admin.createAcls(List.of(denied, allowed)).all().get();
    }
    Said said = run("queue", "block", "*", "--reason=r", "--topic-prefix=closed.");
    assertEquals(
        new Said(
            4,
            "",
            "nightshift: cannot write the audit record of queue block *: Kafka at "
                + kafka.bootstrapServers()
                + " does not allow it (TopicAuthorizationException: Not authorized to access"
                + " topics: [closed.audit]). Grant this client's principal the right, or use"
                + " another principal\n"),
        said);
  }

  private static Said run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return Said.by(all.toArray(String[]::new));
  }
}
