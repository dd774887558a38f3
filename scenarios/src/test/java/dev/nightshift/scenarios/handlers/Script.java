package dev.nightshift.scenarios.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Does what an event's payload says, and notes the start and the end of each attempt in the
/// scenario's folder. A payload is a word, with what belongs to it:
///
/// `return`, `null`, `false`, `error-value`, `throw`, `overflow`, `assertion`, `linkage`, `halt`,
/// `halt-unless FILE` (`halt`, unless the file is there), `sleep MILLIS`, `until FILE` (waits for
/// the file), `spin FILE` (as `until`, but never yields), `stubborn FILE` (as `until`, but ignores
/// interrupts), `child QUEUE PAYLOAD`, `child-throw QUEUE PAYLOAD`, `child-until FILE QUEUE
/// PAYLOAD`, `later QUEUE PAYLOAD`, `later-throw QUEUE PAYLOAD`. An empty payload returns at once
/// and notes nothing, and neither does `nap MILLIS`.
final class Script {
  private static final Path FOLDER = Path.of(System.getProperty("scenario.folder", "."));
  private static final String WORKER = System.getProperty("scenario.worker", "");

  private Script() {}

  static @Nullable Object run(Event event, Context context) throws Exception {
    if (event.text().isEmpty()) {
      return null;
    }
    String[] words = event.text().split(" ", 4);
    if (words[0].equals("nap")) {
      Thread.sleep(Long.parseLong(words[1]));
      return null;
    }
    note("start", event);
    Object result = obey(words, context);
    note("end", event);
    return result;
  }

  private static @Nullable Object obey(String[] words, Context context) throws Exception {
    switch (words[0]) {
      case "return" -> {
        return "done";
      }
      case "null" -> {
        return null;
      }
      case "false" -> {
        return false;
      }
      case "throw" -> throw new IllegalStateException("as told");
      case "error-value" -> {
        return new IllegalStateException("a value");
      }
      case "assertion" -> throw new AssertionError("as told");
      case "linkage" -> throw new LinkageError("as told");
      case "overflow" -> {
        return overflow(1);
      }
      case "halt" -> Runtime.getRuntime().halt(1);
      case "halt-unless" -> {
        if (!Files.exists(FOLDER.resolve(words[1]))) {
          Runtime.getRuntime().halt(1);
        }
      }
      case "sleep" -> Thread.sleep(Long.parseLong(words[1]));
      case "until" -> until(words[1]);
      case "spin" -> spin(words[1]);
      case "stubborn" -> stubborn(words[1]);
      case "child" -> context.emit(words[1], words[2]);
      case "child-throw" -> {
        context.emit(words[1], words[2]);
        throw new IllegalStateException("as told");
      }
      case "later" -> context.emitAfter(Duration.ofDays(1), words[1], words[2]);
      case "later-throw" -> {
        context.emitAfter(Duration.ofDays(1), words[1], words[2]);
        throw new IllegalStateException("as told");
      }
      case "child-until" -> {
        context.emit(words[2], words[3]);
        until(words[1]);
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
    return words[0];
  }

  private static void until(String file) throws InterruptedException {
    while (!Files.exists(FOLDER.resolve(file))) {
      Thread.sleep(20);
    }
  }

  private static void spin(String file) {
    // Asking for a file might let another thread run, so it is done seldom.
    for (long i = 1; i % 10_000_000 != 0 || !Files.exists(FOLDER.resolve(file)); i++) {
      Thread.onSpinWait();
    }
  }

  private static void stubborn(String file) {
    while (true) {
      try {
        until(file);
        return;
      } catch (InterruptedException e) {
        // as told
      }
    }
  }

  @SuppressWarnings("InfiniteRecursion") // its purpose
  private static int overflow(int depth) {
    return depth + overflow(depth + 1);
  }

  private static void note(String what, Event event) throws IOException {
    String line =
        "%s %s %d %s %d%n"
            .formatted(what, event.id(), event.attempt(), WORKER, System.currentTimeMillis());
    try (FileChannel notes =
        FileChannel.open(
            FOLDER.resolve("notes"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      notes.write(ByteBuffer.wrap(line.getBytes(UTF_8)));
    }
  }
}
