package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What `./dev install` leaves, made from a copy of the sources. The local Maven repository of
/// whoever runs the tests is not touched: Nightshift goes into one beside it. For the test's
/// thread.
final class InstalledNightshift implements AutoCloseable {
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final Set<String> NOT_COPIED = Set.of("target", ".git", ".nightshift");
  private static final Path REPOSITORY =
      Path.of(
          System.getProperty(
              "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));

  private final Path repository;

  private InstalledNightshift(Path repository) {
    this.repository = repository;
  }

  /// Installs it.
  ///
  /// @param folder an empty one
  static InstalledNightshift in(Path folder) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "mvn"))),
        "there is no mvn on the PATH, which a developer has");
    Path tree = folder.resolve("tree");
    copy(ROOT, tree);
    InstalledNightshift installed = new InstalledNightshift(repositoryBeside(folder));
    try {
      run(tree, "env", "MAVEN_OPTS=-Dmaven.repo.local=" + installed.repository, "./dev", "install");
      return installed;
    } catch (Exception | Error e) {
      installed.close();
      throw e;
    }
  }

  /// Builds a project with it, by the Java that runs the tests.
  void build(Path project) throws Exception {
    run(
        project,
        "env",
        "JAVA_HOME=" + System.getProperty("java.home"),
        "mvn",
        "-B",
        "-q",
        "-Dmaven.repo.local=" + repository,
        "package");
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

  /// Copies a folder without what was built in it.
  static void copy(Path from, Path to) throws IOException {
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

  /// Runs a command to its end.
  ///
  /// @return what it printed, both streams
  static String run(Path folder, String... command) throws Exception {
    Path output = Files.createTempFile(folder, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Process process = builder.start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String printed = Files.readString(output);
    Files.delete(output);
    assertTrue(
        !process.isAlive() && process.exitValue() == 0,
        String.join(" ", command) + " ended badly:\n" + printed);
    return printed;
  }

  /// Takes the links away, so that what they lead to stays when the folder is removed.
  @Override
  public void close() throws IOException {
    try (Stream<Path> links = Files.walk(repository, 2)) {
      for (Path link : links.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }
}
