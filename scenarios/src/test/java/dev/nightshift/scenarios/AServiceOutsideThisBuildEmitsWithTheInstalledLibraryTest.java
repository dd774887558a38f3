package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightshift.local.LocalKafka;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Does what a service's developer does: `./dev install`, a build of a project of its own, a run
/// with whatever `java` is on the PATH. The local Maven repository of whoever runs the tests is not
/// touched: Nightshift goes into one beside it.
class AServiceOutsideThisBuildEmitsWithTheInstalledLibraryTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Set<String> NOT_COPIED = Set.of("target", ".git", ".nightshift");
  private static final Path REPOSITORY =
      Path.of(
          System.getProperty(
              "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));

  @Test
  void andKafkaHasWhatItSays(@TempDir Path folder) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "mvn"))),
        "there is no mvn on the PATH, which a service's developer has");
    Path tree = folder.resolve("tree");
    copy(ROOT, tree);
    Path repository = repositoryBeside(folder);
    try {
      buildAndRun(folder, tree, repository);
    } finally {
      unlink(repository);
    }
  }

  private static void buildAndRun(Path folder, Path tree, Path repository) throws Exception {
    run(tree, "env", "MAVEN_OPTS=-Dmaven.repo.local=" + repository, "./dev", "install");
    Path standalone = folder.resolve("standalone");
    copy(ROOT.resolve("examples/standalone"), standalone);
    run(standalone, "mvn", "-B", "-q", "-Dmaven.repo.local=" + repository, "package");
    assertEquals(documented(), libraries(standalone.resolve("target/lib")));
    try (LocalKafka kafka = LocalKafka.start()) {
      String printed =
          run(
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

  // What was fetched before is found there, by links; Nightshift's own artifacts are not.
  private static Path repositoryBeside(Path folder) throws IOException {
    Path repository = Files.createDirectories(folder.resolve("repository/dev")).getParent();
    link(REPOSITORY, repository, "dev");
    link(REPOSITORY.resolve("dev"), repository.resolve("dev"), "nightshift");
    return repository;
  }

  private static void link(Path from, Path to, String but) throws IOException {
    if (Files.isDirectory(from)) {
      try (Stream<Path> entries = Files.list(from)) {
        for (Path entry : entries.toList()) {
          if (!entry.endsWith(but)) {
            Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
          }
        }
      }
    }
  }

  private static void unlink(Path repository) throws IOException {
    try (Stream<Path> links = Files.walk(repository, 2)) {
      for (Path link : links.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  // The table of the page, `name` in the first column.
  private static Set<String> documented() throws IOException {
    return Files.readAllLines(ROOT.resolve("docs/emitter-dependencies.md")).stream()
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

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is)
              throws IOException {
            if (NOT_COPIED.contains(folder.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String run(Path folder, String... command) throws Exception {
    Path output = Files.createTempFile(folder, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Process process = builder.start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String printed = Files.readString(output);
    Files.delete(output);
    assertTrue(
        !process.isAlive() && process.exitValue() == 0,
        String.join(" ", command) + " ended badly:\n" + printed);
    return printed;
  }
}
