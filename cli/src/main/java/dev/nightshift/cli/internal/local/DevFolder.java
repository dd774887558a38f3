package dev.nightshift.cli.internal.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of `nightshift dev`, held by one process at a time. Owned by one thread.
///
/// The file [#MARK] makes it Nightshift's own; it is locked as long as the process lives that holds
/// the folder, however that ends, and says which that is.
final class DevFolder implements AutoCloseable {
  static final String MARK = "nightshift-dev";

  private static final String KAFKA = "kafka";
  private static final int NOTE_BYTES_MAX = 4_096;

  private final Path folder;
  private final FileChannel mark;
  private final Note former;

  // What stands in the file.
  private Note written;

  /// Who holds a folder, or held it.
  ///
  /// @param pid the process
  /// @param kafka its Kafka's process; 0 for none
  /// @param kafkaStarted tells that process from a later one of the same number
  /// @param address where clients reach its Kafka
  private record Note(long pid, long kafka, String kafkaStarted, String address) {
    static final Note NONE = new Note(0, 0, "", "");

    static Note parse(String text) throws IOException {
      Properties read = new Properties();
      read.load(new StringReader(text));
      try {
        return new Note(
            Long.parseLong(read.getProperty("pid", "0")),
            Long.parseLong(read.getProperty("kafka", "0")),
            read.getProperty("kafka-started", ""),
            read.getProperty("address", ""));
      } catch (NumberFormatException e) {
        return NONE;
      }
    }

    /// The same Kafka, held by another process; nothing if it has ended.
    Note heldBy(long other) {
      return kafkaProcess().isPresent()
          ? new Note(other, kafka, kafkaStarted, "")
          : new Note(other, 0, "", "");
    }

    /// Its Kafka, if it has not ended.
    Optional<ProcessHandle> kafkaProcess() {
      return ProcessHandle.of(kafka)
          .filter(ProcessHandle::isAlive)
          .filter(process -> started(process).equals(kafkaStarted));
    }

    private static String started(ProcessHandle process) {
      return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    String text() {
      return "pid=%d\nkafka=%d\nkafka-started=%s\naddress=%s\n"
          .formatted(pid, kafka, kafkaStarted.replace(":", "\\:"), address.replace(":", "\\:"));
    }
  }

  private DevFolder(Path folder, FileChannel mark, Note former) {
    this.folder = folder;
    this.mark = mark;
    this.former = former;
    this.written = former;
  }

  /// Takes a folder, made if it is missing.
  ///
  /// @throws CommandException if it is somebody else's, another process holds it, or it cannot be
  ///   made or written
  static DevFolder take(Path wanted) {
    Path folder = wanted.toAbsolutePath().normalize();
    try {
      return open(folder);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "the folder "
              + folder
              + " cannot be used ("
              + why(e)
              + "): name one that this user may make and write, with --data DIR");
    }
  }

  private static String why(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException no -> "its file system does not make " + no.getFile();
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> e.toString();
    };
  }

  private static DevFolder open(Path folder) throws IOException {
    check(folder);
    Files.createDirectories(folder);
    FileChannel mark =
        FileChannel.open(
            folder.resolve(MARK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      Note former = read(mark);
      if (!lock(mark)) {
        throw held(folder, former);
      }
      DevFolder taken = new DevFolder(folder, mark, former);
      // Until its Kafka has ended it is not forgotten: this process may end before.
      taken.write(former.heldBy(ProcessHandle.current().pid()));
      // Nobody wants it in a repository of source code.
      Files.writeString(folder.resolve(".gitignore"), "*\n");
      return taken;
    } catch (IOException | RuntimeException | Error e) {
      mark.close();
      throw e;
    }
  }

  private static void check(Path folder) throws IOException {
    if (folder.toString().contains(",")) {
      throw refused(
          "the folder "
              + folder
              + " has a comma in its path, which Kafka takes for several folders");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw refused(folder + " is a file, not a folder");
    }
    if (Files.isDirectory(folder) && !Files.exists(folder.resolve(MARK))) {
      try (Stream<Path> entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          throw refused(
              "the folder "
                  + folder
                  + " is not Nightshift's: it holds other files, and no file "
                  + MARK);
        }
      }
    }
  }

  private static CommandException refused(String why) {
    return new CommandException(
        ExitCode.REFUSED, why + ". Name a new or an empty one with --data DIR");
  }

  private static boolean lock(FileChannel mark) throws IOException {
    try {
      FileLock lock = mark.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  private static CommandException held(Path folder, Note by) {
    return new CommandException(
        ExitCode.REFUSED,
        "another nightshift dev"
            + (by.pid() == 0 ? "" : " (process " + by.pid() + ")")
            + " works in "
            + folder
            + (by.address().isEmpty() ? "" : ", its Kafka is at " + by.address())
            + ". Use that one, or end it, or start this one elsewhere with --data DIR and --port PORT");
  }

  /// The Kafka of a process that held this folder before and was killed, if it has not ended yet.
  Optional<ProcessHandle> formerKafka() {
    return former.kafkaProcess();
  }

  /// Notes for others who works here.
  void note(ProcessHandle kafka, String address) throws IOException {
    write(new Note(ProcessHandle.current().pid(), kafka.pid(), Note.started(kafka), address));
  }

  /// Where the Kafka has its data and its log.
  Path kafka() {
    return folder.resolve(KAFKA);
  }

  /// Where a worker may put what it leaves behind when it is killed.
  Path scratch() throws IOException {
    Path scratch = folder.resolve("tmp");
    remove(scratch);
    return Files.createDirectories(scratch);
  }

  Path path() {
    return folder;
  }

  /// Whether there is data of an earlier run.
  boolean hasData() {
    return Files.exists(kafka());
  }

  /// Removes the Kafka's data, and nothing else. Links are removed, not followed.
  void drop() throws IOException {
    remove(kafka());
  }

  /// Removes a folder with all that is in it, if it is there. Links are removed, not followed.
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Note read(FileChannel mark) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(NOTE_BYTES_MAX);
    mark.read(bytes, 0);
    return Note.parse(UTF_8.decode(bytes.flip()).toString());
  }

  private void write(Note note) throws IOException {
    byte[] text = note.text().getBytes(UTF_8);
    mark.write(ByteBuffer.wrap(text), 0);
    mark.truncate(text.length);
    written = note;
  }

  /// Gives the folder back; its data stays. A Kafka that has not ended is remembered.
  @Override
  public void close() throws IOException {
    write(written.heldBy(Note.NONE.pid()));
    mark.close();
  }
}
