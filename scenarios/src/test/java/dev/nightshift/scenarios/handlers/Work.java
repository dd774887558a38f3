package dev.nightshift.scenarios.handlers;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Does what the payload says: a word, and where to note the start.
@Handles(canvas = "scenario", queue = "work")
public final class Work implements Handler {
  @Override
  public @Nullable Object handle(Event event, Context context) throws Exception {
    String[] order = event.text().split(" ", 2);
    Files.writeString(
        Path.of(order[1]),
        event.id() + " " + event.attempt() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return switch (order[0]) {
      case "return" -> "done";
      case "null" -> null;
      case "throw" -> throw new IllegalStateException("as told");
      case "overflow" -> overflow(1) + "";
      case "halt" -> {
        Runtime.getRuntime().halt(1);
        yield "never";
      }
      case "wait" -> {
        Thread.sleep(Long.parseLong(event.headers().getOrDefault("millis", "60000")));
        yield "waited";
      }
      default -> throw new IllegalArgumentException(order[0]);
    };
  }

  @SuppressWarnings("InfiniteRecursion") // its purpose
  private static int overflow(int depth) {
    return depth + overflow(depth + 1);
  }
}
