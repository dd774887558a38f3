package dev.nightshift.worker;

import java.io.IOException;
import java.io.OutputStream;
import sun.misc.Signal;

/// What binds a worker, or a scheduler, to the process that started it and holds the other end of
/// its standard input: it ends at once when that process is gone, however that ended, and leaves it
/// the signals that a terminal sends to both alike. The parent ends it with a SIGTERM.
public final class ParentProcess {
  /// The option that asks for it.
  public static final String OPTION = "--with-parent";

  private static final int ORPHANED = 1;

  private ParentProcess() {}

  /// Binds this process, for as long as it lives.
  public static void bind() {
    Signal.handle(new Signal("INT"), _ -> {});
    Signal.handle(new Signal("HUP"), _ -> {});
    Thread.ofPlatform().daemon().name("nightshift-parent").start(ParentProcess::awaitEnd);
  }

  // Without its parent's Kafka there is nothing that it could still write: what it ran counts as
  // lost.
  private static void awaitEnd() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
