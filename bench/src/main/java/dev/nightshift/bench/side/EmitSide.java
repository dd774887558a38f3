package dev.nightshift.bench.side;

import dev.nightshift.bench.handlers.Payload;
import dev.nightshift.bench.handlers.Tally;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import java.time.Duration;

/// Emits with the library that services use, as fast as it can.
///
/// `EmitSide BOOTSTRAP TOPIC GROUP PREFIX`
public final class EmitSide {
  private EmitSide() {}

  /// Emits all events and waits until Kafka has them.
  public static void main(String[] args) {
    EmitterSettings settings =
        EmitterSettings.of(args[0], "bench").withPlan(new TopicPlan(args[3]));
    try (Emitter emitter = Emitter.connect(settings)) {
      for (int number = 0; number < Tally.OF_PROCESS.total(); number++) {
        Payload payload = Payload.now(number, Duration.ZERO);
        Tally.OF_PROCESS.start(payload, 1);
        var unused =
            emitter
                .emit(Emission.of(Load.CANVAS, Load.WORK, payload.bytes()))
                .thenAccept(emitted -> Tally.OF_PROCESS.end(payload.number()));
      }
      emitter.flush();
    }
    Tally.OF_PROCESS.dump();
  }
}
