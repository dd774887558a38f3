package dev.nightshift.bench.handlers;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import org.jspecify.annotations.Nullable;

/// [Work] in a worker. What was counted is written when the worker ends. Not final: for many
/// canvases a class is made from it.
@Handles(canvas = "bench", queue = "work")
public class WorkHandler implements Handler {
  /// Found by the worker's service loader.
  public WorkHandler() {
    Tally.OF_PROCESS.dumpAtExit();
  }

  @Override
  public @Nullable Object handle(Event event, Context context) throws InterruptedException {
    Work.run(event.bytes(), event.attempt());
    return null;
  }
}
