package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Anything, written by Avro's own encoder and by ours. A test's name is its seed.
class RecordBytesTest {
  private interface Written {
    void by(Encoder encoder) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> writesTheBytesThatAvroWrites() {
    return LongStream.range(0, 100)
        .mapToObj(
            seed -> DynamicTest.dynamicTest("seed " + seed, () -> compare(any(new Random(seed)))));
  }

  @Test
  void aNameIsWrittenAsATextHoweverOftenAndWhoeverTookItsPlace() throws IOException {
    List<String> names = new ArrayList<>(List.of("", "shop", "ü".repeat(300), "a".repeat(256)));
    for (int i = 0; i < 200; i++) { // more than there are places
      names.add("queue-" + i);
    }
    RecordBytes texts = new RecordBytes();
    RecordBytes out = new RecordBytes();
    for (int time = 0; time < 3; time++) {
      for (String name : names) {
        texts.writeString(name);
        out.writeName(name);
      }
    }
    assertArrayEquals(texts.copy(), out.copy());
  }

  @Test
  void aBufferIsLeftAsItWas() {
    ByteBuffer source = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);
    RecordBytes out = new RecordBytes();
    out.writeBytes(source);
    out.writeBytes(source.asReadOnlyBuffer());
    assertArrayEquals(new byte[] {4, 2, 3, 4, 2, 3}, out.copy());
    assertEquals(2, source.remaining());
  }

  private static void compare(List<Written> all) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    BinaryEncoder avros = EncoderFactory.get().binaryEncoder(stream, null);
    RecordBytes out = new RecordBytes();
    out.writeString("forgotten");
    out.clear();
    for (Written each : all) {
      each.by(avros);
      each.by(out);
    }
    avros.flush();
    assertArrayEquals(stream.toByteArray(), out.copy());
  }

  private static List<Written> any(Random random) {
    List<Written> all = new ArrayList<>();
    for (int i = random.nextInt(200); i > 0; i--) {
      all.add(one(random));
    }
    return all;
  }

  private static Written one(Random random) {
    int number = random.nextInt() >> random.nextInt(32);
    long longNumber = random.nextLong() >> random.nextInt(64);
    byte[] bytes = new byte[random.nextInt(3_000)];
    random.nextBytes(bytes);
    int from = random.nextInt(bytes.length + 1);
    ByteBuffer part = ByteBuffer.wrap(bytes, from, bytes.length - from);
    String text =
        random
            .ints(random.nextInt(30), 1, 0xD7FF)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return switch (random.nextInt(13)) {
      case 0 -> out -> out.writeInt(number);
      case 1 -> out -> out.writeLong(longNumber);
      case 2 -> out -> out.writeFloat(Float.intBitsToFloat(number));
      case 3 -> out -> out.writeDouble(Double.longBitsToDouble(longNumber));
      case 4 -> out -> out.writeBoolean(number > 0);
      case 5 -> out -> out.writeString(text);
      case 6 -> out -> out.writeString(new Utf8(text));
      case 7 -> out -> out.writeBytes(part);
      case 8 -> out -> out.writeBytes(bytes, from, bytes.length - from);
      case 9 -> out -> out.writeFixed(part);
      case 10 -> Encoder::writeNull;
      case 11 -> out -> out.writeEnum(number);
      default ->
          out -> {
            out.writeMapStart();
            out.setItemCount(1);
            for (Map.Entry<String, byte[]> entry : Map.of(text, bytes).entrySet()) {
              out.startItem();
              out.writeString(entry.getKey());
              out.writeBytes(entry.getValue());
            }
            out.writeMapEnd();
          };
    };
  }
}
