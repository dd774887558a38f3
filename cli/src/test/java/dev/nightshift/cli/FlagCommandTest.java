package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FlagCommandTest {
  private static final String PAUSED =
      "\\{\"scope\":\"shop/mail\",\"state\":\"paused\",\"actor\":\"ada\",\"reason\":\"r\","
          + "\"setAt\":\"\\S+Z\"}";
  private static final String BLOCKED =
      "\\{\"scope\":\"shop/\\*\",\"state\":\"blocked\",\"actor\":\"ada\",\"reason\":\"q\","
          + "\"setAt\":\"\\S+Z\",\"until\":\"\\S+Z\"}";

  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
    assertEquals(0, run("init").exitCode());
    assertEquals(0, run("canvas", "create", "shop").exitCode());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void programs_read_whether_something_changed_and_what_stops_the_queue_now() {
    says("shop/mail", true, PAUSED, "pause", "shop/mail", "--reason=r", "--actor=ada");
    says("shop/mail", false, PAUSED, "pause", "shop/mail");
    says(
        "shop/\\*",
        true,
        BLOCKED + "," + PAUSED,
        "block",
        "shop/*",
        "--reason=q",
        "--actor=ada",
        "--until=1h");
    says("shop/mail", true, BLOCKED, "resume", "shop/mail");
    says("shop/mail", false, BLOCKED, "unpause", "shop/mail");
    says("shop/\\*", true, "", "unblock", "shop/*");
    says("shop/\\*", false, "", "unblock", "shop/*");
    assertEquals(
        new Said(0, "shop/mail\n", ""), run("queue", "resume", "shop/mail", "--output=name"));
  }

  @Test
  void a_pause_that_takes_the_place_of_another_says_what_that_was() {
    run("queue", "pause", "shop/post", "--reason=r", "--actor=ada", "--until=1h");
    Said said = run("queue", "pause", "shop/post", "--actor=bob");
    assertTrue(
        said.out()
            .matches(
                "shop/post is paused by bob since \\S+ \\(before: paused by ada since \\S+ until"
                    + " \\S+: r\\)\n"),
        said.toString());
    run("queue", "resume", "shop/post");
  }

  private static void says(String scope, boolean changed, String flags, String... command) {
    List<String> all = new ArrayList<>(List.of("queue"));
    all.addAll(List.of(command));
    all.add("--output=jsonl");
    Said said = run(all.toArray(String[]::new));
    assertEquals("", said.err());
    assertTrue(
        said.out()
            .matches(
                "\\{\"schemaVersion\":1,\"scope\":\""
                    + scope
                    + "\",\"changed\":"
                    + changed
                    + ",\"flags\":\\["
                    + flags
                    + "\\]}\n"),
        said.out());
    assertEquals(0, said.exitCode());
  }

  private static Said run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return Said.by(all.toArray(String[]::new));
  }
}
