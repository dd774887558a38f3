package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.handler.Event;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// The event of one attempt. Immutable but for what is made on first use, which may be made twice.
final class AttemptEvent implements Event {
  private final EventEnvelope envelope;
  private final LoadedHandler handler;
  private volatile @Nullable Map<String, String> headers;

  AttemptEvent(EventEnvelope envelope, LoadedHandler handler) {
    this.envelope = envelope;
    this.handler = handler;
  }

  @Override
  public String id() {
    return envelope.id();
  }

  @Override
  public String canvas() {
    return handler.canvas();
  }

  @Override
  public String queue() {
    return handler.queue();
  }

  @Override
  public int attempt() {
    return envelope.attempt();
  }

  @Override
  public Instant emittedAt() {
    return envelope.emittedAt();
  }

  @Override
  public Optional<String> contentType() {
    return envelope.extras().contentType();
  }

  @Override
  public Map<String, String> headers() {
    @Nullable Map<String, String> known = headers;
    if (known == null) {
      known = read();
      headers = known;
    }
    return known;
  }

  @Override
  public byte[] bytes() {
    return envelope.payload().clone();
  }

  @Override
  public String text() {
    return new String(envelope.payload(), UTF_8);
  }

  @Override
  public @Nullable Object json() {
    return handler.home().codecs().json(envelope.payload());
  }

  @Override
  public <T> T as(Class<T> type) {
    return handler.home().codecs().as(envelope.payload(), contentType(), type);
  }

  @Override
  public String toString() {
    return "event " + id() + " of " + handler.name();
  }

  private Map<String, String> read() {
    Map<String, String> all = new HashMap<>();
    for (Header header : envelope.record().headers()) {
      if (header.value() != null) {
        all.put(header.key(), new String(header.value(), UTF_8));
      }
    }
    return Collections.unmodifiableMap(all);
  }
}
