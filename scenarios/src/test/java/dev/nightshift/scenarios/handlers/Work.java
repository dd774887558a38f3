package dev.nightshift.scenarios.handlers;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import org.jspecify.annotations.Nullable;

/// Runs the scripts of two canvases.
@Handles(canvas = "scenario", queue = "work")
@Handles(canvas = "scenario", queue = "child")
@Handles(canvas = "scenario", queue = "urgent")
@Handles(canvas = "scenario", queue = "limited", timeLimit = "1s")
@Handles(canvas = "other", queue = "work")
public final class Work implements Handler {
  @Override
  public @Nullable Object handle(Event event, Context context) throws Exception {
    return Script.run(event, context);
  }
}
