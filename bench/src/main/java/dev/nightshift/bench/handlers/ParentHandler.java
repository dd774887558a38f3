package dev.nightshift.bench.handlers;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Emits one child that does nothing. Parents have the first half of the numbers, children the
/// second.
@Handles(canvas = "bench", queue = "parent")
public final class ParentHandler implements Handler {
  @Override
  public @Nullable Object handle(Event event, Context context) {
    Payload payload = Payload.read(event.bytes());
    Tally.OF_PROCESS.start(payload, event.attempt());
    int child = payload.number() + Tally.OF_PROCESS.total() / 2;
    context.emit("work", Payload.now(child, Duration.ZERO).bytes());
    Tally.OF_PROCESS.end(payload.number());
    return null;
  }
}
