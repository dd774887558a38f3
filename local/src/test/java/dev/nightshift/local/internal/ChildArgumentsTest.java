package dev.nightshift.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildArgumentsTest {
  @Test
  void whatIsWrittenIsRead() {
    ChildArguments arguments =
        new ChildArguments(
            new DataDirectory(Path.of("/data"), true), 9092, Map.of("a.b", "c=d", "empty", ""));
    assertEquals(arguments, ChildArguments.parse(arguments.format()));
  }

  @Test
  void aWrongLineIsRefusedWithTheUsage() {
    String usage = "usage: LocalKafkaMain FOLDER keep|remove PORT [PROPERTY=VALUE …]";
    assertRefused(usage, "/data", "keep");
    assertRefused("'burn' is not allowed; " + usage, "/data", "burn", "0");
    assertRefused("'alone' is not allowed; " + usage, "/data", "keep", "0", "alone");
  }

  private static void assertRefused(String message, String... arguments) {
    var failure =
        assertThrows(
            IllegalArgumentException.class, () -> ChildArguments.parse(List.of(arguments)));
    assertEquals(message, failure.getMessage());
  }
}
