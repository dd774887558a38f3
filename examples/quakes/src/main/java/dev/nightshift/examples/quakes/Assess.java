package dev.nightshift.examples.quakes;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;

/// Puts a quake into its class of strength, and emits an alert for those that do damage.
@Handles(canvas = "quakes", queue = "assess")
public final class Assess implements Handler {
  private static final double ALERT_FROM = 4.5;

  @Override
  public String handle(Event event, Context context) throws Exception {
    Quake quake = context.step("parse", () -> event.as(Quake.class));
    Strength strength = context.step("classify", () -> Strength.of(quake.mag()));
    context.log(quake.place() + ": magnitude " + quake.mag() + " is " + strength.label());
    if (quake.mag() != null && quake.mag() >= ALERT_FROM) {
      context.emit("alert", quake);
    }
    return strength.label();
  }
}
