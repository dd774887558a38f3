package dev.nightshift.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Beside each executable JAR lies what it is made of, in CycloneDX's JSON.
class BillOfMaterialsTest {
  private static final Path ROOT = ShippedJar.ROOT;

  @BeforeAll
  static void bills_are_made() {
    assumeFalse(
        Boolean.getBoolean("nightshift.offline"),
        "this build is offline, and the plugin that makes bills refuses to run then");
  }

  @Test
  void the_workers_names_what_is_in_its_jar() throws IOException {
    namesWhatIsIn("worker");
  }

  @Test
  void the_schedulers_names_what_is_in_its_jar() throws IOException {
    namesWhatIsIn("scheduler");
  }

  private static void namesWhatIsIn(String module) throws IOException {
    Map<String, String> held =
        new ShippedJar(ROOT.resolve(module + "/target/nightshift-" + module + ".jar")).libraries();
    held.remove("dev.nightshift:nightshift-" + module); // It is what the bill is of.
    Map<String, String> named = named(bill(module));
    named.keySet().retainAll(held.keySet()); // Not every library leaves its name in its JAR.
    assertEquals(held, named);
  }

  @Test
  void the_commands_names_what_is_on_its_class_path() throws IOException {
    Set<String> files = new TreeSet<>();
    try (JarFile jar = new JarFile(ROOT.resolve("cli/target/nightshift.jar").toFile())) {
      String path = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      for (String file : path.split(" ", -1)) {
        files.add(file.replaceFirst("^lib/", ""));
      }
    }
    Set<String> named = new TreeSet<>();
    named(bill("cli"))
        .forEach((library, version) ->
            named.add(library.replaceFirst(".*:", "") + "-" + version + ".jar"));
    assertEquals(files, named);
  }

  @Test
  void none_tells_of_the_machine_or_the_day_it_was_made() throws IOException {
    for (String module : Set.of("worker", "scheduler", "cli")) {
      JsonNode bill = bill(module);
      assertTrue(bill.at("/metadata/timestamp").isMissingNode(), module);
      assertFalse(bill.has("serialNumber"), module);
      assertFalse(bill.toString().contains(ROOT.toString()), module);
    }
  }

  private static JsonNode bill(String module) throws IOException {
    Path file = ROOT.resolve(module + "/target/nightshift-" + module + ".cdx.json");
    assertTrue(Files.exists(file), file + " is not there; ./dev check and ./dev test make it");
    return new ObjectMapper().readTree(file.toFile());
  }

  /// Libraries, as `group:artifact`, and their versions.
  private static Map<String, String> named(JsonNode bill) {
    Map<String, String> named = new TreeMap<>();
    for (JsonNode each : bill.get("components")) {
      named.put(
          each.get("group").asText() + ":" + each.get("name").asText(),
          each.get("version").asText());
    }
    return named;
  }
}
