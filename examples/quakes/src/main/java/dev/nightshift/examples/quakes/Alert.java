package dev.nightshift.examples.quakes;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;

/// Puts a quake into a line of text, as it might go to a pager.
@Handles(canvas = "quakes", queue = "alert")
public final class Alert implements Handler {
  @Override
  public String handle(Event event, Context context) {
    Quake quake = event.as(Quake.class);
    return "M "
        + quake.mag()
        + ", "
        + quake.place()
        + ", "
        + quake.time()
        + ", "
        + quake.depthKm()
        + " km deep"
        + (quake.tsunami() == 1 ? ", tsunami possible" : "");
  }
}
