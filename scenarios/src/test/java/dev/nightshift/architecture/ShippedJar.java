package dev.nightshift.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// A JAR that was built, to be looked into.
record ShippedJar(Path file) {
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final String JACKSON = "com/fasterxml/jackson/core/json/PackageVersion.class";

  /// Those that hold other people's libraries: a module's that has all in one, and examples'
  /// handlers.
  static List<ShippedJar> allInOne() throws IOException {
    List<ShippedJar> jars = new ArrayList<>();
    for (Path module : modules()) {
      Path jar = module.resolve("target/nightshift-" + module.getFileName() + ".jar");
      if (Files.exists(jar)) {
        jars.add(new ShippedJar(jar));
      }
      jars.addAll(in(module.resolve("target/handlers"), "*.jar"));
    }
    return jars;
  }

  /// Those of Nightshift's modules, without libraries.
  static List<ShippedJar> own() throws IOException {
    List<ShippedJar> jars = new ArrayList<>();
    for (Path module : modules()) {
      jars.addAll(in(module.resolve("target"), "nightshift-*-[0-9]*.jar"));
      jars.addAll(in(module.resolve("target"), "nightshift.jar"));
    }
    return jars;
  }

  private static List<Path> modules() throws IOException {
    List<Path> modules = new ArrayList<>();
    for (Path parent : List.of(ROOT, ROOT.resolve("examples"))) {
      try (Stream<Path> folders = Files.list(parent)) {
        folders.filter(each -> Files.exists(each.resolve("pom.xml"))).forEach(modules::add);
      }
    }
    Collections.sort(modules);
    return modules;
  }

  private static List<ShippedJar> in(Path folder, String pattern) throws IOException {
    List<ShippedJar> jars = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, pattern)) {
        files.forEach(each -> jars.add(new ShippedJar(each)));
      }
    }
    return jars;
  }

  /// Libraries that it can be seen to hold, as `group:artifact`, and their versions: by what Maven
  /// leaves in JARs, and by what Kafka and Jackson themselves say, where that was left out.
  Map<String, String> libraries() throws IOException {
    Map<String, String> libraries = new TreeMap<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (name.startsWith("META-INF/maven/") && name.endsWith("/pom.properties")) {
          Properties pom = properties(jar, entry);
          libraries.put(
              pom.getProperty("groupId") + ":" + pom.getProperty("artifactId"),
              pom.getProperty("version"));
        } else if (name.equals("kafka/kafka-version.properties")) {
          libraries.put(
              "org.apache.kafka:kafka-clients", properties(jar, entry).getProperty("version"));
        } else if (name.equals(JACKSON)) {
          libraries.put("com.fasterxml.jackson.core:jackson-core", jackson());
        }
      }
    }
    return libraries;
  }

  private static Properties properties(JarFile jar, JarEntry entry) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = jar.getInputStream(entry)) {
      properties.load(in);
    }
    return properties;
  }

  private String jackson() throws IOException {
    URL[] here = {file.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(here, ClassLoader.getPlatformClassLoader())) {
      String name = JACKSON.replace(".class", "").replace('/', '.');
      return String.valueOf(loader.loadClass(name).getField("VERSION").get(null));
    } catch (ReflectiveOperationException e) {
      throw new IOException(file + " holds a Jackson that does not say its version", e);
    }
  }

  /// `worker/target/nightshift-worker.jar`.
  @Override
  public String toString() {
    return ROOT.relativize(file).toString();
  }
}
