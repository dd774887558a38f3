package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;
import org.jspecify.annotations.Nullable;

/// Avro's binary encoding into an array that grows with what is written: each byte is written once,
/// where Avro's own encoder keeps it in a buffer and then in a stream. Used again for one record
/// after another. Owned by one thread at a time.
final class RecordBytes extends BinaryEncoder {
  private static final int FIRST_BYTES = 1024;

  /// What a number takes at most, of 64 bits.
  private static final int NUMBER_BYTES_MAX = 10;

  private static final int NAMES = 64;
  private static final int NAME_CHARS_MAX = 256;

  private final @Nullable Name[] names = new Name[NAMES];
  private byte[] bytes = new byte[FIRST_BYTES];
  private int size;

  private record Name(String name, byte[] utf8) {}

  /// Forgets what was written.
  void clear() {
    size = 0;
  }

  /// What was written since it was cleared, in an array of its own.
  byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  /// A text that many records have in common, and that they share: its bytes are kept, for as long
  /// as no other one takes its place.
  void writeName(String name) {
    int place = name.hashCode() & NAMES - 1;
    Name known = names[place];
    if (known == null || known.name != name) {
      known = new Name(name, name.getBytes(UTF_8));
      if (name.length() <= NAME_CHARS_MAX) {
        names[place] = known;
      }
    }
    writeText(known.utf8);
  }

  @Override
  public void writeString(String text) {
    writeText(text.getBytes(UTF_8));
  }

  private void writeText(byte[] utf8) {
    writeInt(utf8.length);
    writeFixed(utf8, 0, utf8.length);
  }

  @Override
  public void writeBytes(ByteBuffer source) {
    writeInt(source.remaining());
    writeFixed(source);
  }

  @Override
  public void writeFixed(ByteBuffer source) {
    int count = source.remaining();
    reserve(count);
    source.get(source.position(), bytes, size, count);
    size += count;
  }

  @Override
  public void writeFixed(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, size, count);
    size += count;
  }

  @Override
  public void writeBoolean(boolean value) {
    reserve(1);
    bytes[size++] = (byte) (value ? 1 : 0);
  }

  @Override
  public void writeInt(int value) {
    reserve(NUMBER_BYTES_MAX);
    size += BinaryData.encodeInt(value, bytes, size);
  }

  @Override
  public void writeLong(long value) {
    reserve(NUMBER_BYTES_MAX);
    size += BinaryData.encodeLong(value, bytes, size);
  }

  @Override
  public void writeFloat(float value) {
    reserve(NUMBER_BYTES_MAX);
    size += BinaryData.encodeFloat(value, bytes, size);
  }

  @Override
  public void writeDouble(double value) {
    reserve(NUMBER_BYTES_MAX);
    size += BinaryData.encodeDouble(value, bytes, size);
  }

  @Override
  protected void writeZero() {
    reserve(1);
    bytes[size++] = 0;
  }

  @Override
  public int bytesBuffered() {
    return size;
  }

  @Override
  public void flush() {
    // All is where it belongs.
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
    }
  }

  /// What writes records of a kind.
  ///
  /// @param <R> their class
  interface Writer<R> {
    /// Writes a record's body.
    ///
    /// @throws RuntimeException if a field that must have a value has none
    void write(R record, RecordBytes out) throws IOException;
  }
}
