package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// This process's standard output, which remembers that it could not be written. Java's own knows
/// only that it could not, not why: a reader such as `head` that has seen enough is no failure, a
/// full disk is one. For use by one thread at a time.
public final class StandardOutput extends OutputStream {
  private final OutputStream to;
  private @Nullable IOException failure;

  StandardOutput(OutputStream to) {
    this.to = to;
  }

  /// Makes it the one that `System.out` writes to.
  public static StandardOutput install() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    System.setOut(new PrintStream(output, true, charset(System.out.charset())));
    return output;
  }

  // The locale C says ASCII, and means that nobody has chosen.
  private static Charset charset(Charset usual) {
    return usual.equals(US_ASCII) ? UTF_8 : usual;
  }

  /// Why something that was printed is lost, if so.
  public Optional<String> lost() {
    IOException first = failure;
    String why = first == null ? "" : String.valueOf(first.getMessage());
    return first == null || why.contains("Broken pipe") ? Optional.empty() : Optional.of(why);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      to.write(bytes, from, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    to.flush();
  }
}
