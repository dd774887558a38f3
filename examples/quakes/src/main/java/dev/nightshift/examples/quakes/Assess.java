package dev.nightshift.examples.quakes;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import java.time.Duration;

/// Puts a quake into its class of strength, and emits an alert for those that do damage.
@Handles(canvas = "quakes", queue = "assess")
public final class Assess implements Handler {
  private static final double ALERT_FROM = 4.5;

  private final Duration lookUp;

  /// As workers make it: a look-up takes 200 ms.
  public Assess() {
    this(Duration.ofMillis(200));
  }

  /// @param lookUp stands for a look-up in another service, which is what most handlers wait for
  Assess(Duration lookUp) {
    this.lookUp = lookUp;
  }

  @Override
  public String handle(Event event, Context context) throws Exception {
    Quake quake = context.step("parse", () -> event.as(Quake.class));
    Strength strength = context.step("classify", () -> Strength.of(quake.mag()));
    context.step("look up the region", () -> lookUp(quake));
    context.log(quake.place() + ": magnitude " + quake.mag() + " is " + strength.label());
    if (quake.mag() != null && quake.mag() >= ALERT_FROM) {
      context.emit("alert", quake); // stored with this event's completion, or not at all
    }
    return strength.label(); // kept in the trace
  }

  private String lookUp(Quake quake) throws InterruptedException {
    Thread.sleep(lookUp.toMillis());
    return quake.place();
  }
}
