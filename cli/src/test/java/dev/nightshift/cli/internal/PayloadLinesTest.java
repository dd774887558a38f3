package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PayloadLinesTest {
  private static final int BYTES_MAX = 40;

  @Test
  void lines_are_numbered_and_blank_ones_passed_over() throws IOException {
    assertEquals(List.of("1:a", "4: b ", "6:c"), read("a\n\n \t\r\n b \r\n\nc"));
    assertEquals(List.of(), read(""));
    assertEquals(List.of(), read("\n\n"));
    assertEquals(List.of("1:a"), read("\uFEFFa\n"));
  }

  @Test
  void a_line_that_is_too_long_is_told_with_its_length_and_the_next_one_read() throws IOException {
    String longest = "x".repeat(BYTES_MAX);
    assertEquals(
        List.of("1:" + longest, "2 has 41", "3:" + longest, "4 has 400000", "5:b"),
        read(longest + "\r\n" + longest + "x\n" + longest + "\n" + "y".repeat(400_000) + "\nb"));
  }

  @Test
  void lines_do_not_depend_on_the_pieces_that_they_come_in() throws IOException {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append("x".repeat(random.nextInt(BYTES_MAX + 5)));
        text.append(random.nextInt(5) == 0 ? "\r\n" : "\n");
      }
      assertEquals(
          read(new ByteArrayInputStream(text.toString().getBytes(UTF_8))),
          read(new InPieces(text.toString().getBytes(UTF_8), random)),
          "seed " + seed);
    }
  }

  private static List<String> read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static List<String> read(InputStream input) throws IOException {
    List<String> read = new ArrayList<>();
    try (PayloadLines lines = new PayloadLines(input, BYTES_MAX)) {
      for (Optional<PayloadLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
        PayloadLines.Line one = line.get();
        read.add(
            one.tooLong()
                ? one.number() + " has " + one.length()
                : one.number() + ":" + new String(one.bytes(), UTF_8));
      }
    }
    return read;
  }

  private static final class InPieces extends ByteArrayInputStream {
    private final Random random;

    InPieces(byte[] bytes, Random random) {
      super(bytes);
      this.random = random;
    }

    @Override
    public int read(byte[] bytes) {
      return read(bytes, 0, 1 + random.nextInt(7));
    }
  }
}
