package dev.nightshift.local.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Where a broker keeps its data: a folder that stays, or one that goes with the broker.
///
/// @param path an absolute path
/// @param temporary whether [#removeIfTemporary] removes it
public record DataDirectory(Path path, boolean temporary) {

  /// The folder `wanted`, made if it is missing; without one a temporary folder.
  public static DataDirectory open(@Nullable Path wanted) throws IOException {
    return wanted == null
        ? new DataDirectory(Files.createTempDirectory("nightshift-kafka-"), true)
        : new DataDirectory(Files.createDirectories(wanted.toAbsolutePath()), false);
  }

  /// Removes a temporary folder with all that is in it; doing it twice is safe.
  public void removeIfTemporary() {
    if (!temporary) {
      return;
    }
    try {
      Files.walkFileTree(path, new Removal());
    } catch (NoSuchFileException e) {
      // Removed already.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the temporary folder " + path, e);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      // Kafka renames and deletes old segments in the background.
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
