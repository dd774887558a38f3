package dev.nightshift.testkit;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;

/// Says what it got.
@Handles(canvas = "kit", queue = "letter")
final class Letter implements Handler {
  @Override
  public String handle(Event event, Context context) {
    return "letter " + event.text();
  }
}
