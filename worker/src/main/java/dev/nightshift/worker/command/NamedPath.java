package dev.nightshift.worker.command;

import dev.nightshift.common.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What is wrong with files and folders that somebody names for a command: the same words
/// everywhere. Pure, but for looking at them.
public final class NamedPath {
  private NamedPath() {}

  /// What is wrong with a file that is to be read; empty if it seems to be readable.
  ///
  /// @param contents what is in it, such as `settings`; may be empty
  public static Optional<String> problemWithFile(Path file, String contents) {
    return problem(
        file,
        named("file", file, contents),
        Files.isDirectory(file) ? "is a folder: name one of its files" : "");
  }

  /// What is wrong with a folder whose files are to be read, see [#problemWithFile].
  public static Optional<String> problemWithFolder(Path folder, String contents) {
    return problem(
        folder,
        named("folder", folder, contents),
        Files.isDirectory(folder) ? "" : "is a file: name the folder that it is in");
  }

  /// What is wrong with the folder that handlers are to be loaded from.
  public static Optional<String> problemWithHandlers(Path folder) {
    return problemWithFolder(folder, "handlers")
        .map(problem ->
            problem
                + ". Put each handler JAR, with all that it needs, into a folder, and name that"
                + " with --handlers DIR");
  }

  /// That a file could not be read to its end.
  static String unreadable(Path file, String contents, Exception why) {
    String reason = why instanceof IOException ? why.toString() : String.valueOf(why.getMessage());
    return named("file", file, contents) + " cannot be read (" + reason + ")";
  }

  private static Optional<String> problem(Path path, String name, String wrongKind) {
    if (Files.notExists(path)) {
      return Optional.of(name + " does not exist");
    }
    if (Files.exists(path) && !wrongKind.isEmpty()) {
      return Optional.of(name + " " + wrongKind);
    }
    return Files.isReadable(path)
        ? Optional.empty()
        : Optional.of(name + " may not be read by this user (permission denied)");
  }

  private static String named(String kind, Path path, String contents) {
    return kind
        + " "
        + Names.quoted(path.toString())
        + (contents.isEmpty() ? "" : " with the " + contents);
  }
}
