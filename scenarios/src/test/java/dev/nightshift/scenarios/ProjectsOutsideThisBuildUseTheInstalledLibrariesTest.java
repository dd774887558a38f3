package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.local.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Does what developers of services and of handlers do: `./dev install`, a build of a project of
/// their own, a run.
class ProjectsOutsideThisBuildUseTheInstalledLibrariesTest {
  private static final Path EXAMPLES = InstalledNightshift.ROOT.resolve("examples");
  private static final Path PAGE = InstalledNightshift.ROOT.resolve("docs/first-handler.md");

  /// A file of the page: its name in the line above, then its text.
  private static final Pattern FILE =
      Pattern.compile("`([^`\\n]+)`[^`\\n]*:\\n\\n```[a-z]+\\n(.*?)```", Pattern.DOTALL);

  private static final Pattern COMMANDS = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir private static Path installation;
  private static InstalledNightshift nightshift;

  @TempDir private Path folder;

  @BeforeAll
  static void install() throws Exception {
    nightshift = InstalledNightshift.in(installation);
  }

  @AfterAll
  static void unlink() throws Exception {
    if (nightshift != null) {
      nightshift.close();
    }
  }

  /// With whatever `java` is on the PATH.
  @Test
  void aServiceEmits() throws Exception {
    InstalledNightshift.copy(EXAMPLES.resolve("standalone"), folder.resolve("standalone"));
    Path standalone = folder.resolve("standalone");
    nightshift.build(standalone);
    assertEquals(documented(), libraries(standalone.resolve("target/lib")));
    try (LocalKafka kafka = LocalKafka.start()) {
      String printed =
          InstalledNightshift.run(
              standalone,
              "java",
              "-cp",
              "target/standalone.jar:target/lib/*",
              "example.EmitOrders",
              kafka.bootstrapServers());
      List<String> emitted =
          printed.lines().filter(line -> line.contains(" nightshift.events.shop/")).toList();
      assertEquals(3, emitted.size(), printed);
      try (TopicReader<String> reader =
          new TopicReader<>(
              kafka.bootstrapServers(),
              "nightshift.events.shop",
              record ->
                  new String(record.headers().lastHeader("ce_id").value(), UTF_8)
                      + " nightshift.events.shop/"
                      + record.partition())) {
        assertEquals(Set.copyOf(emitted), Set.copyOf(reader.read()));
      }
    }
  }

  /// The page about the first handler, word by word; only the port is a free one.
  @Test
  void theFirstHandlerRunsAsItsPageSays() throws Exception {
    String page = Files.readString(PAGE);
    Matcher file = FILE.matcher(page);
    Set<String> made = new TreeSet<>();
    while (file.find()) {
      String name = file.group(1);
      Path to = folder.resolve(name);
      Files.createDirectories(to.getParent());
      Files.writeString(to, file.group(2));
      assertEquals(Files.readString(EXAMPLES.resolve("first-handler/" + name)), file.group(2));
      made.add(name);
    }
    assertEquals(4, made.size(), () -> "files of the page: " + made);
    List<String> commands = commands(page);
    assertEquals(
        List.of("./dev install", "mvn package"), commands.subList(0, 2), "done by this test");
    nightshift.build(folder);
    assertTrue(Files.exists(folder.resolve("target/surefire-reports")), "its test ran");
    try (CommandProcess dev =
        CommandProcess.start(folder, Map.of(), words(commands.get(2) + " --port 0"))) {
      await(() -> dev.printed().contains("queues    shop/bill"), dev);
      String server =
          dev.printed().replaceFirst("(?s).*export (NIGHTSHIFT_BOOTSTRAP_SERVER=\\S+).*", "$1");
      String[] variable = server.split("=");
      assertEquals("export " + variable[0] + "=localhost:9092", commands.get(3));
      run(Map.of(variable[0], variable[1]), commands.get(4));
      String trace = trace(Map.of(variable[0], variable[1]), commands.get(5));
      assertTrue(trace.startsWith("event order-7  shop/bill  attempt 1  completed\n"), trace);
      assertTrue(trace.contains("result     order 7: 1250\n"), trace);
      dev.interrupt();
      assertEquals(130, dev.exit(), dev.printed());
    }
  }

  private static List<String> commands(String page) {
    List<String> commands = new ArrayList<>();
    Matcher block = COMMANDS.matcher(page);
    while (block.find()) {
      block.group(1).lines().forEach(commands::add);
    }
    return commands;
  }

  // As a shell splits these: at spaces, but for those in single quotes.
  private static String[] words(String command) {
    Matcher word = Pattern.compile("'([^']*)'|(\\S+)").matcher(command);
    List<String> words = new ArrayList<>();
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    assertEquals("nightshift", words.removeFirst(), command);
    return words.toArray(String[]::new);
  }

  private String run(Map<String, String> environment, String command) {
    try (CommandProcess process = CommandProcess.start(folder, environment, words(command))) {
      assertEquals(0, process.exit(), process.printed());
      return process.printed();
    }
  }

  // A reader of the page is slower than the event.
  private String trace(Map<String, String> environment, String command) {
    for (int tries = 0; ; tries++) {
      try (CommandProcess process = CommandProcess.start(folder, environment, words(command))) {
        if (process.exit() == 0) {
          return process.printed();
        }
        assertTrue(tries < 20, process::printed);
      }
    }
  }

  private static void await(BooleanSupplier holds, CommandProcess dev) {
    long end = System.nanoTime() + 90_000_000_000L;
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end && dev.handle().isAlive(), dev::printed);
      LockSupport.parkNanos(20_000_000);
    }
  }

  // The table of the page, `name` in the first column.
  private static Set<String> documented() throws IOException {
    return Files.readAllLines(InstalledNightshift.ROOT.resolve("docs/emitter-dependencies.md"))
        .stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("`")[1])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> libraries(Path folder) throws IOException {
    try (Stream<Path> jars = Files.list(folder)) {
      return jars.map(jar -> jar.getFileName().toString().replaceFirst("-[0-9].*", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
