package dev.nightshift.cli.internal.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The JARs of a folder, by the looks of them: name, size and time. Immutable.
record HandlerJars(Map<String, String> jars) {
  HandlerJars {
    jars = Map.copyOf(jars);
  }

  /// What is there now; nothing while the folder is missing, as in the midst of a build.
  static HandlerJars of(Path folder) {
    Map<String, String> jars = new TreeMap<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : found) {
        jars.put(
            jar.getFileName().toString(), Files.size(jar) + " " + Files.getLastModifiedTime(jar));
      }
    } catch (IOException e) {
      return new HandlerJars(Map.of());
    }
    return new HandlerJars(jars);
  }

  boolean isEmpty() {
    return jars.isEmpty();
  }
}
