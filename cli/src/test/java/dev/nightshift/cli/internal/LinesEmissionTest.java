package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.emitter.Emitted;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The emission of lines through an emitter that is told when what becomes durable.
class LinesEmissionTest {
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
          new LinesEmission.Setup("it", 1, 100, false),
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
    assertEquals(0, emission.end(() -> {}, why -> why));
    assertTrue(said().matches("3 emitted in \\d+\\.\\d s\n"), said());
  }

  @Test
  void one_that_is_interrupted_waits_for_what_is_on_its_way() {
    emission.run(input("1\n2\n3\n"), done -> interrupted = true);
    assertEquals(1, sent.size());
    emission.end(() -> acknowledge(0), why -> why);
    assertEquals(
        "nightshift: interrupted. 1 event was emitted, all before line 2. Go on with --from-line 2\n",
        said());
  }

  @Test
  void an_interrupt_before_the_first_line_has_emitted_nothing() {
    interrupted = true;
    emission.run(input("1\n"), done -> {});
    emission.end(() -> {}, why -> why);
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
        assertThrows(RuntimeException.class, () -> emission.end(() -> acknowledge(0), why -> why))
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
