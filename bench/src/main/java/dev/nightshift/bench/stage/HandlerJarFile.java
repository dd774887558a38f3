package dev.nightshift.bench.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.bench.handlers.Tally;
import dev.nightshift.bench.handlers.Work;
import dev.nightshift.bench.handlers.WorkHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// The handlers as a JAR for workers.
final class HandlerJarFile {
  private static final List<String> CLASSES =
      List.of(
          name(Tally.class),
          name(Tally.class) + "$Moment",
          name(Work.class),
          name(WorkHandler.class));

  private HandlerJarFile() {}

  /// Writes it into a folder, which is made.
  static void write(Path folder) {
    try {
      Files.createDirectories(folder);
      try (JarOutputStream jar =
          new JarOutputStream(Files.newOutputStream(folder.resolve("bench-handlers.jar")))) {
        for (String type : CLASSES) {
          String file = type.replace('.', '/') + ".class";
          jar.putNextEntry(new JarEntry(file));
          try (InputStream in = HandlerJarFile.class.getClassLoader().getResourceAsStream(file)) {
            Objects.requireNonNull(in, file).transferTo(jar);
          }
        }
        jar.putNextEntry(new JarEntry("META-INF/services/dev.nightshift.handler.Handler"));
        jar.write(name(WorkHandler.class).getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Class<?> type) {
    return type.getName();
  }
}
