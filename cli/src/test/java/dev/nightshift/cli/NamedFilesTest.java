package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Files and folders that are named for a command and cannot be used: a wrong argument everywhere,
/// in the same words.
class NamedFilesTest {
  private static final String NOWHERE = "--bootstrap-server=localhost:1";
  private static final String HANDLERS =
      ". Put each handler JAR, with all that it needs, into a folder, and name that with --handlers"
          + " DIR";

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("file"), "1\n");
  }

  @Test
  void what_is_not_there() {
    Path missing = folder.resolve("missing");
    assertFile(missing, "does not exist");
    assertFolder(missing, "does not exist");
  }

  @Test
  void what_is_of_the_other_kind() {
    assertFile(folder, "is a folder: name one of its files");
    assertFolder(file, "is a file: name the folder that it is in");
  }

  @Test
  @DisabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "may read all")
  void what_is_somebody_elses() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    for (Path each : List.of(file, closed)) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("---------"));
    }
    assertFile(file, "may not be read by this user (permission denied)");
    assertFolder(closed, "may not be read by this user (permission denied)");
  }

  @Test
  void what_is_no_text() throws IOException {
    Files.writeString(file, "a=\\u00zz\n");
    String problem =
        "file '" + file + "' with the settings cannot be read (Malformed \\uxxxx encoding.)";
    assertEquals(
        usage("worker", problem),
        Said.by("worker", "--config=" + file, "--handlers=" + folder, NOWHERE));
  }

  private void assertFile(Path path, String problem) {
    assertEquals(
        new Said(2, "", "nightshift: file '" + path + "' " + problem + ". Nothing was emitted\n"),
        Said.by("event", "emit", "shop/mail", "--file=" + path, NOWHERE));
    assertEquals(
        usage("worker", "file '" + path + "' with the settings " + problem),
        Said.by("worker", "--config=" + path, "--handlers=" + folder, NOWHERE));
    assertEquals(
        usage("queue list", "file '" + path + "' with the clients' settings " + problem),
        Said.by("queue", "list", "--command-config=" + path, NOWHERE));
  }

  private static void assertFolder(Path path, String problem) {
    String says = "folder '" + path + "' with the handlers " + problem + HANDLERS;
    assertEquals(usage("worker", says), Said.by("worker", "--handlers=" + path, NOWHERE));
    assertEquals(usage("dev", says), Said.by("dev", "--handlers=" + path));
  }

  private static Said usage(String command, String problem) {
    return new Said(
        2, "", "nightshift: " + problem + "\nHow it is used: nightshift " + command + " --help\n");
  }
}
