package dev.nightshift.bench.handlers;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import org.jspecify.annotations.Nullable;

/// [Work] in a worker. What was counted is written when the worker ends.
@Handles(canvas = "bench", queue = "work")
public final class WorkHandler implements Handler {
  /// Found by the worker's service loader.
  public WorkHandler() {
    Runtime.getRuntime().addShutdownHook(new Thread(Tally.OF_PROCESS::dump));
  }

  @Override
  public @Nullable Object handle(Event event, Context context) throws InterruptedException {
    Work.run(event.bytes(), event.attempt());
    return null;
  }
}
