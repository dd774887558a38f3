package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `nightshift fleet` refuses, before it starts anything.
@Timeout(60)
class FleetCommandTest {
  @TempDir private Path folder;

  @Test
  void all_that_is_wrong_is_said_at_once() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefuses(
        """
        8 problems:
        - max 0 is not allowed: 1 to 1,000 workers
        - min 3 is not allowed: 0 to as many workers as --max says, which is 0
        - admin port 65536 is not allowed: each worker has the next port, up to 65535; 0 gives each any that is free
        - jvm option 'Xmx1g' is not allowed: one of Java's, with its '-', such as --jvm=-Xmx2g
        - folder 'FILE' for the logs cannot be made (java.nio.file.FileAlreadyExistsException: FILE): name another with --log-dir DIR
        - folder 'FOLDER/missing' with the handlers does not exist. Put each handler JAR, with all that it needs, into a folder, and name that with --handlers DIR
        - name 'a b-0' is not allowed: 1 to 253 of A-Z, a-z, 0-9, '.', '_' and '-'
        - concurrency 0 is not allowed: 1 to 100,000 handlers at once\
        """
            .replace("FILE", file.toString())
            .replace("FOLDER", folder.toString()),
        "--min=3",
        "--max=0",
        "--admin-port=65536",
        "--jvm=Xmx1g",
        "--log-dir=" + file,
        "--handlers=" + folder.resolve("missing"),
        "--name=a b",
        "--concurrency=0");
  }

  @Test
  void bounds_that_exclude_each_other_are_refused() {
    assertRefuses(
        "min 5 is not allowed: 0 to as many workers as --max says, which is 4",
        "--min=5",
        "--max=4",
        "--handlers=" + folder);
    assertRefuses(
        "min -1 is not allowed: 0 to as many workers as --max says, which is 8",
        "--min=-1",
        "--handlers=" + folder);
    assertRefuses(
        "max 1001 is not allowed: 1 to 1,000 workers", "--max=1001", "--handlers=" + folder);
  }

  @Test
  void the_last_workers_admin_port_must_be_one_too() {
    assertRefuses(
        "admin port 65534 is not allowed: each worker has the next port, up to 65535; 0 gives each"
            + " any that is free",
        "--max=3",
        "--admin-port=65534",
        "--handlers=" + folder);
  }

  @Test
  void a_key_of_its_file_that_is_not_known_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("settings"), "min=1\nmaxx=3\nconcurrency=5\n");
    assertRefuses(
        "there is no key maxx; did you mean max?", "--config=" + file, "--handlers=" + folder);
  }

  @Test
  void without_handlers_or_a_cluster_it_asks_for_them() {
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: --handlers DIR is missing\nHow it is used: nightshift fleet --help\n"),
        Said.by("fleet", "--bootstrap-server=localhost:1"));
    assertEquals(
        new Said(
            2,
            "",
            "nightshift: which cluster? Say --bootstrap-server HOST:PORT, or set"
                + " NIGHTSHIFT_BOOTSTRAP_SERVER\nHow it is used: nightshift fleet --help\n"),
        Said.by("fleet", "--handlers=" + folder));
  }

  @Test
  void its_help_has_a_workers_options() {
    String help = Said.by("fleet", "--help").out();
    assertTrue(help.contains("--retry-delays=DURATION"), help);
    assertTrue(help.contains("--min=N"), help);
  }

  private static void assertRefuses(String problem, String... arguments) {
    List<String> all = new ArrayList<>(List.of("fleet", "--bootstrap-server=localhost:1"));
    all.addAll(List.of(arguments));
    assertEquals(
        new Said(2, "", "nightshift: " + problem + "\nHow it is used: nightshift fleet --help\n"),
        Said.by(all.toArray(String[]::new)));
  }
}
