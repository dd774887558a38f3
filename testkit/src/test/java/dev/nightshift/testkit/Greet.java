package dev.nightshift.testkit;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Greets whom the payload names, in the manner that it says.
@Handles(canvas = "kit", queue = "greet")
@Handles(canvas = "kit", queue = "hurry", timeLimit = "100ms")
final class Greet implements Handler {
  static final Instant LATER =
      Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MICROS);

  /// What it is emitted.
  record Guest(String name, String manner) {}

  @Override
  public @Nullable Object handle(Event event, Context context) throws Exception {
    Guest guest = context.step("parse", () -> event.as(Guest.class));
    context.log("greets " + guest.name());
    switch (guest.manner()) {
      case "rude" -> throw new IllegalStateException("no greeting for " + guest.name());
      case "slow" -> new CountDownLatch(1).await();
      case "letter" -> context.emit("letter", Map.of("to", guest.name()));
      case "later" -> context.emitAt(LATER, "letter", guest.name());
      case "abroad" -> context.emit("elsewhere", "letter", guest.name());
      default -> {}
    }
    return "hello " + guest.name() + (context.draining() ? ", in haste" : "") + event.attempt();
  }
}
