package dev.nightshift.bench.stage;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Emits the events of a round with the library that services use, and waits until Kafka has them.
final class Emission {
  private final EmitterSettings settings;

  Emission(String bootstrapServers, TopicPlan plan) {
    this.settings = EmitterSettings.of(bootstrapServers, "bench").withPlan(plan);
  }

  void emit(int count) {
    AtomicInteger failed = new AtomicInteger();
    try (Emitter emitter = Emitter.connect(settings)) {
      for (int number = 0; number < count; number++) {
        dev.nightshift.emitter.Emission event =
            dev.nightshift.emitter.Emission.of(Load.CANVAS, Load.QUEUE, payload(number));
        var unused =
            emitter
                .emit(event)
                .whenComplete((emitted, failure) -> {
                  if (failure != null) {
                    failed.incrementAndGet();
                  }
                });
      }
      emitter.flush();
    }
    if (failed.get() > 0) {
      throw new IllegalStateException(failed.get() + " events of a round were not stored");
    }
  }

  /// The number, and letters that compress about as well as JSON does.
  static byte[] payload(int number) {
    ByteBuffer payload = ByteBuffer.allocate(Load.PAYLOAD_BYTES).putInt(number);
    Random random = new Random(number);
    while (payload.hasRemaining()) {
      payload.put((byte) ('a' + random.nextInt(16)));
    }
    return payload.array();
  }
}
