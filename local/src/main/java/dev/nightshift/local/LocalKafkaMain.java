package dev.nightshift.local;

import dev.nightshift.local.LocalKafka.Settings;
import dev.nightshift.local.internal.ChildArguments;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/// The broker as a process of its own, started by [LocalKafkaProcess].
///
/// It prints one line, `READY host:port`, when it serves clients, and ends when its standard input
/// is closed, its parent is gone or it gets a SIGTERM, so it outlives nobody who was killed. A
/// parent that lives on writes `stop` first; without that a temporary folder is removed, as there
/// is nobody left who would. SIGINT and SIGHUP are ignored: a terminal sends them to parent and
/// child alike, and the parent needs its broker to finish its work.
public final class LocalKafkaMain {
  static final String STOP = "stop\n";

  private static final Duration STOP_WAIT_MAX = Duration.ofSeconds(15);

  private LocalKafkaMain() {}

  /// Runs a broker; the arguments are those of [ChildArguments].
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err);
    ChildArguments arguments = ChildArguments.parse(List.of(args));
    CompletableFuture<End> end = endOfLife();
    LocalKafka kafka = LocalKafka.start(settings(arguments));
    out.println("READY " + kafka.bootstrapServers());
    out.flush();
    End how = end.join();
    kafka.close();
    if (how == End.ORPHANED) {
      arguments.directory().removeIfTemporary();
    }
    System.exit(0);
  }

  private static Settings settings(ChildArguments arguments) {
    return new Settings(
        arguments.directory().path(),
        arguments.port(),
        arguments.overrides(),
        _ -> Runtime.getRuntime().halt(1));
  }

  /// Completes when this process should end. From then on it is gone within [#STOP_WAIT_MAX], also
  /// if Kafka cannot be stopped.
  private static CompletableFuture<End> endOfLife() {
    CompletableFuture<End> end = new CompletableFuture<>();
    Signal.handle(new Signal("TERM"), _ -> end.complete(End.ASKED));
    Signal.handle(new Signal("INT"), _ -> {});
    Signal.handle(new Signal("HUP"), _ -> {});
    Thread.ofPlatform().daemon().name("stdin").start(() -> completeAtEnd(System.in, end));
    ProcessHandle.current()
        .parent()
        .ifPresent(p -> p.onExit().thenRun(() -> end.complete(End.ORPHANED)));
    end.thenRunAsync(
        () -> Runtime.getRuntime().halt(1),
        CompletableFuture.delayedExecutor(STOP_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS));
    return end;
  }

  private static void completeAtEnd(InputStream in, CompletableFuture<End> end) {
    long bytesRead = 0;
    try {
      bytesRead = in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    end.complete(bytesRead > 0 ? End.ASKED : End.ORPHANED);
  }

  private enum End {
    ASKED,
    ORPHANED
  }
}
