package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.emitter.EmitException;
import dev.nightshift.emitter.Emitted;
import dev.nightshift.emitter.RecordingEmitter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The emission of lines through an emitter that is told when what becomes durable.
class LinesEmissionTest {
  private static final EmitInput IT =
      new EmitInput(EmitInput.Kind.STANDARD_INPUT, "it", Optional.empty());

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<CompletableFuture<Emitted>> sent = new ArrayList<>();
  private final List<Long> durable = new ArrayList<>();
  private boolean interrupted;
  private boolean waiting;

  /// Becomes durable when somebody waits for it.
  private static final class Awaited extends CompletableFuture<Emitted> {
    @Override
    public Emitted join() {
      complete(new Emitted("x", "t", 0, 0));
      return super.join();
    }
  }

  private final LinesEmission emission =
      new LinesEmission(
          new LinesEmission.Setup(IT, 1, 100, false),
          payload -> {
            CompletableFuture<Emitted> future = waiting ? new Awaited() : new CompletableFuture<>();
            sent.add(future);
            return future;
          },
          (line, emitted) -> durable.add(line),
          () -> interrupted);

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(said, true, UTF_8));
  }

  @AfterEach
  void listenNoMore() {
    System.setErr(before);
  }

  @Test
  void lines_are_told_to_be_durable_in_their_order() {
    emission.run(input("1\n2\n\n3\n"), done -> {});
    acknowledge(2);
    acknowledge(1);
    assertEquals(false, emission.stopped());
    assertEquals(List.of(), durable);
    acknowledge(0);
    assertEquals(false, emission.stopped());
    assertEquals(List.of(1L, 2L, 4L), durable);
    assertEquals(0, emission.end(() -> {}, LinesEmissionTest::unchecked));
    assertTrue(said().matches("3 emitted in \\d+\\.\\d s\n"), said());
  }

  @Test
  void one_that_is_interrupted_waits_for_what_is_on_its_way() {
    emission.run(input("1\n2\n3\n"), done -> interrupted = true);
    assertEquals(1, sent.size());
    emission.end(() -> acknowledge(0), LinesEmissionTest::unchecked);
    assertEquals(
        "nightshift: interrupted. 1 event was emitted, all before line 2. Go on with --from-line 2\n",
        said());
  }

  @Test
  void an_interrupt_before_the_first_line_has_emitted_nothing() {
    interrupted = true;
    emission.run(input("1\n"), done -> {});
    emission.end(() -> {}, LinesEmissionTest::unchecked);
    assertEquals(
        "nightshift: interrupted. Nothing was emitted. Go on with --from-line 1\n", said());
  }

  @Test
  void an_input_that_breaks_off_says_what_was_emitted() {
    InputStream input =
        new InputStream() {
          private int read;

          @Override
          public int read() throws IOException {
            throw new IOException("Input/output error");
          }

          @Override
          public int read(byte[] bytes) throws IOException {
            if (read++ > 0) {
              return read();
            }
            bytes[0] = '1';
            bytes[1] = '\n';
            return 2;
          }
        };
    emission.run(input, done -> {});
    assertEquals(
        "it cannot be read on (Input/output error). 1 event was emitted, all before line 2. Go on"
            + " with --from-line 2",
        assertThrows(
                RuntimeException.class,
                () -> emission.end(() -> acknowledge(0), LinesEmissionTest::unchecked))
            .getMessage());
  }

  @Test
  void what_is_on_its_way_is_bounded() {
    waiting = true;
    String lines =
        IntStream.range(0, 100_002).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
    emission.run(input(lines), done -> {});
    assertEquals(List.of(1L, 2L), durable);
  }

  @Test
  void a_line_that_was_not_confirmed_may_be_emitted_and_so_may_those_after_it() {
    emission.run(input("1\n2\n3\n4\n5\n"), done -> {});
    acknowledge(0);
    EmitException first = notConfirmed();
    sent.get(1).completeExceptionally(first);
    acknowledge(2);
    sent.get(3).completeExceptionally(notConfirmed());
    sent.get(4).completeExceptionally(unreachable());
    assertSame(first, failureOf(emission));
    assertEquals(
        "nightshift: line 2 may or may not have been emitted. 2 events were emitted, all before line"
            + " 2, and 1 of those after it, which would be emitted again; 1 of those after it may or"
            + " may not have been emitted, and would be emitted again. Go on with --from-line 2\n",
        said());
  }

  @Test
  void the_first_line_that_was_not_emitted_is_named_even_if_no_other_was() {
    emission.run(input("1\n2\n3\n"), done -> {});
    EmitException first = unreachable();
    sent.get(0).completeExceptionally(first);
    sent.get(1).completeExceptionally(notConfirmed());
    sent.get(2).completeExceptionally(notConfirmed());
    assertSame(first, failureOf(emission));
    assertEquals(
        "nightshift: line 1 was not emitted. Nothing else is known to be emitted; 2 of those after it"
            + " may or may not have been emitted, and would be emitted again. Go on with --from-line"
            + " 1\n",
        said());
  }

  @Test
  void a_failure_of_another_kind_stops_it_and_is_told_as_any_other() {
    RuntimeException other = new IllegalStateException("broken");
    emission.run(
        input("1\n2\n3\n"),
        done -> {
          acknowledge(0);
          if (sent.size() == 2) {
            sent.get(1).completeExceptionally(other);
          }
        });
    assertEquals(2, sent.size());
    assertSame(other, failureOf(emission));
    assertEquals(
        "nightshift: line 2 may or may not have been emitted. 1 event was emitted, all before line 2."
            + " Go on with --from-line 2\n",
        said());
  }

  @Test
  void a_line_that_was_called_off_may_be_emitted() {
    emission.run(input("1\n"), done -> {});
    sent.get(0).cancel(false);
    assertInstanceOf(CancellationException.class, failureOf(emission));
    assertEquals(
        "nightshift: line 1 may or may not have been emitted. Nothing else was emitted. Go on with"
            + " --from-line 1\n",
        said());
  }

  @Test
  void a_thread_that_is_interrupted_while_it_reads_emits_no_half_a_line() throws IOException {
    try (PipedOutputStream out = new PipedOutputStream()) {
      PipedInputStream from = new PipedInputStream(out);
      out.write("1\n2".getBytes(UTF_8));
      out.flush();
      emission.run(
          new StandardInput(from, emission::stopped), done -> Thread.currentThread().interrupt());
      assertEquals(1, sent.size());
      RuntimeException failure =
          assertThrows(
              RuntimeException.class,
              () ->
                  emission.end(
                      () -> {
                        assertFalse(Thread.currentThread().isInterrupted()); // it has to wait
                        acknowledge(0);
                      },
                      LinesEmissionTest::unchecked));
      assertTrue(Thread.interrupted());
      assertEquals(
          "it cannot be read on (the thread that reads it was interrupted). 1 event was emitted, all"
              + " before line 2. Go on with --from-line 2",
          failure.getMessage());
    }
  }

  private static EmitException notConfirmed() {
    RecordingEmitter emitter = new RecordingEmitter();
    emitter.confirmNextNot();
    return failed(emitter);
  }

  private static EmitException unreachable() {
    RecordingEmitter emitter = new RecordingEmitter();
    emitter.failNext();
    return failed(emitter);
  }

  private static EmitException failed(RecordingEmitter emitter) {
    return (EmitException) emitter.emit("shop", "mail", "1").exceptionNow();
  }

  private static RuntimeException failureOf(LinesEmission emission) {
    return assertThrows(
        RuntimeException.class, () -> emission.end(() -> {}, LinesEmissionTest::unchecked));
  }

  private static RuntimeException unchecked(Throwable why) {
    return (RuntimeException) why;
  }

  private void acknowledge(int which) {
    sent.get(which).complete(new Emitted("id" + which, "t", 0, which));
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private String said() {
    return said.toString(UTF_8);
  }
}
