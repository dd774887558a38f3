package dev.nightshift.scenarios.handlers;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import org.jspecify.annotations.Nullable;

/// An older version of [Work], without some of its queues.
@Handles(canvas = "scenario", queue = "work")
@Handles(canvas = "other", queue = "work")
public final class OnlyWork implements Handler {
  @Override
  public @Nullable Object handle(Event event, Context context) throws Exception {
    return Script.run(event, context);
  }
}
