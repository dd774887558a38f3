package dev.nightshift.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.Versioned;
import com.fasterxml.jackson.core.json.PackageVersion;
import com.fasterxml.jackson.core.util.VersionUtil;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Versions with known holes stand in the root pom.xml (`bannedDependencies`). Each build looks for
/// them in the dependency trees of its modules; here JARs are looked into, and whether builds do
/// look.
class KnownHolesTest {
  private static final Pattern LISTED =
      Pattern.compile("<exclude>([^:<]+):([^:<]+)(?::\\(,([^)]+)\\))?</exclude>");
  private static final Pattern VERSION =
      Pattern.compile("<artifactId>nightshift</artifactId>\\s*<version>([^<]+)");
  private static final Pattern REFUSED =
      Pattern.compile("(\\S+):jar:(\\S+) <--- banned via the exclude/include list");

  private static final Path ROOT = ShippedJar.ROOT;

  private static final String WORKER = "worker/target/nightshift-worker.jar";

  @TempDir private Path folder;

  private record Hole(String group, String artifact, Optional<Version> below) {
    boolean is(String library, String version) {
      return library.matches(Pattern.quote(group) + ":" + artifact.replace("*", ".*"))
          && below.map(limit -> Version.parse(version).compareTo(limit) < 0).orElse(true);
    }
  }

  @Test
  void no_jar_holds_a_library_with_known_holes() throws IOException {
    List<ShippedJar> jars = ShippedJar.allInOne();
    assertTrue(
        jars.stream()
            .map(ShippedJar::toString)
            .toList()
            .containsAll(List.of("scheduler/target/nightshift-scheduler.jar", WORKER)),
        jars + "; ./dev check and ./dev test make them");
    List<String> found = new ArrayList<>();
    for (ShippedJar jar : jars) {
      found.addAll(holes(jar));
    }
    assertEquals(List.of(), found, "raise these in the root pom.xml");
  }

  @Test
  void all_that_is_listed_would_be_recognised_in_a_jar() throws IOException {
    Set<String> libraries = new ShippedJar(ROOT.resolve(WORKER)).libraries().keySet();
    for (Hole hole : listed()) {
      assertTrue(
          hole.below().isEmpty() || libraries.stream().anyMatch(each -> hole.is(each, "0")),
          () -> hole + " would not be found");
    }
  }

  /// As in handlers' JARs, where what Maven leaves is taken out.
  @Test
  void jackson_is_recognised_by_its_classes() throws IOException {
    Path file = folder.resolve("handlers.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      for (Class<?> each :
          List.of(
              PackageVersion.class,
              Versioned.class,
              VersionUtil.class,
              com.fasterxml.jackson.core.Version.class)) {
        String name = each.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(name));
        try (InputStream in = each.getResourceAsStream("/" + name)) {
          requireNonNull(in).transferTo(jar);
        }
      }
    }
    assertEquals(
        Map.of("com.fasterxml.jackson.core:jackson-core", PackageVersion.VERSION.toString()),
        new ShippedJar(file).libraries());
  }

  @Test
  void a_jar_with_known_holes_is_found() throws IOException {
    Path file = folder.resolve("old.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      maven(jar, "org.lz4", "lz4-java", "1.8.1");
      maven(jar, "at.yawk.lz4", "lz4-java", "1.11.0");
      maven(jar, "org.apache.avro", "avro", "1.12.1");
      write(jar, "kafka/kafka-version.properties", "commitId=0\nversion=4.1.2\n");
    }
    assertEquals(
        List.of(
            "old.jar: at.yawk.lz4:lz4-java 1.11.0",
            "old.jar: org.apache.kafka:kafka-clients 4.1.2",
            "old.jar: org.lz4:lz4-java 1.8.1"),
        holes(new ShippedJar(file)).stream().map(each -> each.replaceFirst(".*/", "")).toList());
  }

  /// A project with this one's root pom.xml, which asks for what is refused. Nothing is fetched.
  @Test
  void a_build_refuses_libraries_with_known_holes() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "mvn"))),
        "there is no mvn on the PATH, which a developer has");
    List<String> asked =
        List.of(
            "org.apache.kafka:kafka-clients:4.1.2",
            "org.lz4:lz4-java:1.8.1",
            "at.yawk.lz4:lz4-java:1.11.0",
            "org.apache.avro:avro:1.12.0",
            "com.fasterxml.jackson.core:jackson-core:2.22.0");
    String printed = build(asked);
    assertTrue(
        printed.contains(
            "These versions have known holes: let the root pom.xml manage a newer one."),
        printed);
    List<String> refused = new ArrayList<>();
    for (Matcher each = REFUSED.matcher(printed); each.find(); ) {
      refused.add(each.group(1) + ":" + each.group(2));
    }
    assertEquals(asked.stream().sorted().toList(), refused.stream().sorted().toList(), printed);
  }

  private String build(List<String> libraries) throws Exception {
    StringBuilder dependencies = new StringBuilder();
    for (String library : libraries) {
      String[] part = library.split(":");
      dependencies.append(
          """
              <dependency>
                <groupId>%s</groupId>
                <artifactId>%s</artifactId>
                <version>%s</version>
              </dependency>
          """
              .formatted(part[0], part[1], part[2]));
    }
    Matcher version = VERSION.matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertTrue(version.find());
    Path root = folder.toRealPath().relativize(ROOT.toRealPath());
    Files.writeString(
        folder.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <parent>
            <groupId>dev.nightshift</groupId>
            <artifactId>nightshift</artifactId>
            <version>%s</version>
            <relativePath>%s/pom.xml</relativePath>
          </parent>
          <artifactId>careless</artifactId>
          <dependencies>
        %s
          </dependencies>
        </project>
        """
            .formatted(version.group(1), root, dependencies));
    List<String> command = new ArrayList<>(List.of("mvn", "-B", "-o", "validate"));
    Optional.ofNullable(System.getProperty("maven.repo.local"))
        .ifPresent(repository -> command.add("-Dmaven.repo.local=" + repository));
    return failing(command);
  }

  private String failing(List<String> command) throws Exception {
    Path output = folder.resolve("printed");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(output);
    assertTrue(ended && process.exitValue() == 1, printed);
    return printed;
  }

  private static List<String> holes(ShippedJar jar) throws IOException {
    List<Hole> listed = listed();
    return jar.libraries().entrySet().stream()
        .filter(each -> listed.stream().anyMatch(hole -> hole.is(each.getKey(), each.getValue())))
        .map(each -> jar + ": " + each.getKey() + " " + each.getValue())
        .toList();
  }

  private static List<Hole> listed() throws IOException {
    List<Hole> listed = new ArrayList<>();
    Matcher each = LISTED.matcher(Files.readString(ROOT.resolve("pom.xml")));
    while (each.find()) {
      listed.add(
          new Hole(
              each.group(1),
              each.group(2),
              Optional.ofNullable(each.group(3)).map(Version::parse)));
    }
    assertEquals(5, listed.size(), "the list in the root pom.xml is not read to its end");
    return listed;
  }

  private static void maven(JarOutputStream jar, String group, String artifact, String version)
      throws IOException {
    write(
        jar,
        "META-INF/maven/" + group + "/" + artifact + "/pom.properties",
        "groupId=%s\nartifactId=%s\nversion=%s\n".formatted(group, artifact, version));
  }

  private static void write(JarOutputStream jar, String name, String text) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(text.getBytes(UTF_8));
  }
}
