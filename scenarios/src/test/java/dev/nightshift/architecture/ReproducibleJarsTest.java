package dev.nightshift.architecture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What makes JARs differ from build to build, seen in one of them. `./dev reproducible` builds
/// twice and compares all.
class ReproducibleJarsTest {
  private static final Pattern TIME = Pattern.compile("outputTimestamp>([^<]+)Z<");
  private static final Set<String> TELLING =
      Set.of("Built-By", "Build-Jdk", "Build-Time", "Build-Timestamp", "Bnd-LastModified");

  @Test
  void all_in_a_jar_is_of_one_time() throws IOException {
    Matcher time = TIME.matcher(Files.readString(ShippedJar.ROOT.resolve("pom.xml")));
    assertTrue(time.find());
    LocalDateTime one = LocalDateTime.parse(time.group(1));
    List<String> others = new ArrayList<>();
    for (ShippedJar each : jars()) {
      try (JarFile jar = new JarFile(each.file().toFile())) {
        for (JarEntry entry : Collections.list(jar.entries())) {
          if (!entry.getTimeLocal().equals(one)) {
            others.add(each + ": " + entry.getName() + " of " + entry.getTimeLocal());
          }
        }
      }
    }
    assertEquals(List.of(), others);
  }

  @Test
  void nothing_in_a_jar_tells_where_and_by_whom_it_was_built() throws IOException {
    List<String> telling = new ArrayList<>();
    for (ShippedJar each : jars()) {
      try (JarFile jar = new JarFile(each.file().toFile())) {
        for (Object name : jar.getManifest().getMainAttributes().keySet()) {
          if (TELLING.contains(name.toString())) {
            telling.add(each + ": its manifest has " + name);
          }
        }
        for (JarEntry entry : Collections.list(jar.entries())) {
          if (read(jar, entry).contains(ShippedJar.ROOT.toString())) {
            telling.add(each + ": " + entry.getName() + " has the folder of the build");
          }
        }
      }
    }
    assertEquals(List.of(), telling);
  }

  private static List<ShippedJar> jars() throws IOException {
    List<ShippedJar> jars = ShippedJar.own();
    assertFalse(jars.isEmpty(), "there are no JARs; ./dev check and ./dev test make them");
    return jars;
  }

  private static String read(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }
}
