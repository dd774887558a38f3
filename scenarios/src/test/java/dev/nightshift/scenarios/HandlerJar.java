package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// Handler JARs of the scenarios.
final class HandlerJar {
  private HandlerJar() {}

  /// Makes one that names these of the scenarios' handlers.
  static void write(Path file, String... handlers) {
    Path classes =
        Path.of(HandlerJar.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    String name = "dev/nightshift/scenarios/handlers/";
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream out = Files.newOutputStream(file);
          JarOutputStream jar = new JarOutputStream(out);
          var found = Files.newDirectoryStream(classes.resolve(name))) {
        for (Path each : found) {
          jar.putNextEntry(new JarEntry(name + each.getFileName()));
          Files.copy(each, jar);
        }
        jar.putNextEntry(new JarEntry("META-INF/services/dev.nightshift.handler.Handler"));
        for (String handler : handlers) {
          jar.write(("dev.nightshift.scenarios.handlers." + handler + "\n").getBytes(UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
