package dev.nightshift.cli.internal.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.worker.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevFolderTest {
  @TempDir private Path parent;

  @Test
  void aFolderWithOtherFilesIsLeftAlone() throws IOException {
    Path photos = Files.createDirectories(parent.resolve("photos"));
    Path photo = Files.createFile(photos.resolve("kafka"));
    assertEquals(
        "the folder "
            + photos
            + " is not Nightshift's: it holds other files, and no file nightshift-dev. Name a new or"
            + " an empty one with --data DIR",
        refusal(photos));
    assertTrue(Files.exists(photo));
    assertFalse(Files.exists(photos.resolve(DevFolder.MARK)));
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertEquals(
        file + " is a file, not a folder. Name a new or an empty one with --data DIR",
        refusal(file));
  }

  @Test
  void aFolderThatCannotBeMadeIsRefused() {
    assertEquals(
        "the folder /proc/data cannot be used (its file system does not make /proc/data): name one"
            + " that this user may make and write, with --data DIR",
        refusal(Path.of("/proc/data")));
  }

  @Test
  void aCommaIsRefusedAsKafkaWouldMakeTwoFoldersOfIt() {
    Path comma = parent.resolve("a,b");
    assertEquals(
        "the folder "
            + comma
            + " has a comma in its path, which Kafka takes for several folders. Name a new or an"
            + " empty one with --data DIR",
        refusal(comma));
    assertFalse(Files.exists(comma));
  }

  @Test
  void onlyOneHoldsIt() throws Exception {
    Path data = parent.resolve("data");
    Process kafka = new ProcessBuilder("sleep", "600").start();
    try (DevFolder first = DevFolder.take(data)) {
      first.note(kafka.toHandle(), "127.0.0.1:9092");
      assertEquals(
          "another nightshift dev (process "
              + ProcessHandle.current().pid()
              + ") works in "
              + data
              + ", its Kafka is at 127.0.0.1:9092. Use that one, or end it, or start this one"
              + " elsewhere with --data DIR and --port PORT",
          refusal(data));
      kafka.destroyForcibly().waitFor();
    }
    assertEquals("pid=0\nkafka=0\nkafka-started=\naddress=\n", noted(data));
    try (DevFolder next = DevFolder.take(data)) {
      assertEquals(Optional.empty(), next.formerKafka());
    }
  }

  @Test
  void aKafkaIsRememberedUntilItHasEnded() throws Exception {
    Path data = parent.resolve("data");
    Process kafka = new ProcessBuilder("sleep", "600").start();
    Optional<ProcessHandle> remembered = Optional.of(kafka.toHandle());
    try (DevFolder killed = DevFolder.take(data)) {
      killed.note(kafka.toHandle(), "127.0.0.1:9092");
    }
    // Two that do not wait for its end, one of them killed.
    String said;
    try (DevFolder second = DevFolder.take(data)) {
      assertEquals(remembered, second.formerKafka());
      said = noted(data);
    }
    assertEquals(said.replaceFirst("pid=\\d+", "pid=0"), noted(data));
    Files.writeString(data.resolve(DevFolder.MARK), said);
    try (DevFolder third = DevFolder.take(data)) {
      assertEquals(remembered, third.formerKafka());
      kafka.destroyForcibly().waitFor();
    }
    assertEquals("pid=0\nkafka=0\nkafka-started=\naddress=\n", noted(data));
  }

  @Test
  void anotherProcessWithTheNumberOfAKafkaIsNone() throws IOException {
    Path data = parent.resolve("data");
    String said;
    try (DevFolder killed = DevFolder.take(data)) {
      killed.note(ProcessHandle.current(), "127.0.0.1:9092");
      said = noted(data);
    }
    Files.writeString(
        data.resolve(DevFolder.MARK),
        said.replaceFirst("kafka-started=\\d+", "kafka-started=1970"));
    try (DevFolder next = DevFolder.take(data)) {
      assertEquals(Optional.empty(), next.formerKafka());
    }
  }

  @Test
  void droppingFollowsNoLinkAndTakesNothingElse() throws IOException {
    Path data = parent.resolve("data");
    Path outside = Files.createDirectories(parent.resolve("outside"));
    Path precious = Files.createFile(outside.resolve("precious"));
    try (DevFolder folder = DevFolder.take(data)) {
      Path log = Files.createDirectories(folder.kafka().resolve("kafka/topic-0"));
      Files.createFile(log.resolve("0.log"));
      Files.createSymbolicLink(log.resolve("link"), outside);
      Path other = Files.createFile(data.resolve("notes.txt"));
      assertTrue(folder.hasData());
      folder.drop();
      assertFalse(folder.hasData());
      assertFalse(Files.exists(folder.kafka()));
      assertTrue(Files.exists(other));
    }
    assertTrue(Files.exists(precious));
  }

  private static String noted(Path data) throws IOException {
    return Files.readString(data.resolve(DevFolder.MARK));
  }

  private static String refusal(Path data) {
    return String.valueOf(
        assertThrows(CommandException.class, () -> DevFolder.take(data).close()).getMessage());
  }
}
