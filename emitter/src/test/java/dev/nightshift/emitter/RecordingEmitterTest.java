package dev.nightshift.emitter;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RecordingEmitterTest {
  private final RecordingEmitter emitter = new RecordingEmitter();

  @Test
  void itKeepsWhatIsEmittedInOrderAndWithItsId() {
    Emitted first = emitter.emitJson("shop", "bill", "{\"order\":1}").join();
    emitter.emit("shop", "mail", "hello").join();
    emitter.emit(Emission.ofJson("shop", "bill", "{\"order\":2}").withId("order-2")).join();
    assertEquals(List.of("{\"order\":1}", "{\"order\":2}"), emitter.texts("shop", "bill"));
    assertEquals("nightshift.events.shop", first.topic());
    assertEquals(
        List.of(first.id(), "order-2"),
        emitter.emitted().stream()
            .filter(each -> each.queue().equals("bill"))
            .map(each -> each.id().orElseThrow())
            .toList());
  }

  @Test
  void itRefusesWhatTheRealOneRefuses() {
    var wrong = failure(emitter.emitJson("Shop", "bill", "{}"));
    assertInstanceOf(EmitException.InvalidEvent.class, wrong);
    var large = failure(emitter.emit("shop", "bill", new byte[EventRecords.RECORD_BYTES_MAX]));
    assertInstanceOf(EmitException.PayloadTooLarge.class, large);
    assertEquals(List.of(), emitter.emitted());
  }

  @Test
  void itFailsAsOftenAsItIsTold() {
    emitter.failNext();
    emitter.confirmNextNot();
    assertEquals(
        "the recording emitter was told to fail; nothing was stored",
        assertInstanceOf(
                EmitException.Unreachable.class, failure(emitter.emitJson("shop", "bill", "{}")))
            .getMessage());
    assertInstanceOf(
        EmitException.NotConfirmed.class, failure(emitter.emitJson("shop", "bill", "{}")));
    emitter.emitJson("shop", "bill", "{}").join();
    assertEquals(List.of("{}"), emitter.texts("shop", "bill"));
  }

  private static Throwable failure(CompletableFuture<Emitted> emitted) {
    return requireNonNull(assertThrows(CompletionException.class, emitted::join).getCause());
  }
}
