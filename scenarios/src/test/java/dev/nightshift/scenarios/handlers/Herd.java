package dev.nightshift.scenarios.handlers;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import org.jspecify.annotations.Nullable;

/// Runs the scripts of twenty canvases.
@Handles(canvas = "herd0", queue = "work")
@Handles(canvas = "herd1", queue = "work")
@Handles(canvas = "herd2", queue = "work")
@Handles(canvas = "herd3", queue = "work")
@Handles(canvas = "herd4", queue = "work")
@Handles(canvas = "herd5", queue = "work")
@Handles(canvas = "herd6", queue = "work")
@Handles(canvas = "herd7", queue = "work")
@Handles(canvas = "herd8", queue = "work")
@Handles(canvas = "herd9", queue = "work")
@Handles(canvas = "herd10", queue = "work")
@Handles(canvas = "herd11", queue = "work")
@Handles(canvas = "herd12", queue = "work")
@Handles(canvas = "herd13", queue = "work")
@Handles(canvas = "herd14", queue = "work")
@Handles(canvas = "herd15", queue = "work")
@Handles(canvas = "herd16", queue = "work")
@Handles(canvas = "herd17", queue = "work")
@Handles(canvas = "herd18", queue = "work")
@Handles(canvas = "herd19", queue = "work")
public final class Herd implements Handler {
  @Override
  public @Nullable Object handle(Event event, Context context) throws Exception {
    return Script.run(event, context);
  }
}
