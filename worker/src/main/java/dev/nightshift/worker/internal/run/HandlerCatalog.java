package dev.nightshift.worker.internal.run;

import dev.nightshift.handler.Handler;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The handlers of this worker, by the queue that they serve. Immutable, safe for use by many
/// threads.
public final class HandlerCatalog implements AutoCloseable {
  /// What is wrong with the JARs in [#jarsWithoutHandlers], and what to do.
  public static final String NAMES_NO_HANDLER =
      "it has no file META-INF/services/"
          + Handler.class.getName()
          + " that names a handler class, so it is ignored; add the file, or take the JAR out: a"
          + " library is seen by no handler but those of its own JAR";

  private static final String CLASS_PATH = "the class path";

  private final Map<String, Map<String, LoadedHandler>> byCanvas = new HashMap<>();
  private final List<LoadedHandler> handlers;
  private final List<String> jarsWithoutHandlers;
  private final List<? extends Closeable> loaders;

  HandlerCatalog(
      List<LoadedHandler> handlers,
      List<String> jarsWithoutHandlers,
      List<? extends Closeable> loaders) {
    this.handlers = List.copyOf(handlers);
    this.jarsWithoutHandlers = List.copyOf(jarsWithoutHandlers);
    this.loaders = List.copyOf(loaders);
    for (LoadedHandler handler : handlers) {
      byCanvas
          .computeIfAbsent(handler.canvas(), canvas -> new HashMap<>())
          .put(handler.queue(), handler);
    }
  }

  /// Loads the handlers of all `*.jar` files that are directly in a folder. Each JAR has a class
  /// loader of its own, which sees the JDK, `dev.nightshift.handler`, and what the JAR brings (also
  /// through `Class-Path` in its manifest). The JARs must not change while the catalog is open.
  ///
  /// No handlers at all is not a problem here.
  ///
  /// @throws HandlerProblemsException with everything that is wrong
  public static HandlerCatalog load(Path folder) {
    return new HandlerFolder(folder).load();
  }

  /// Handlers that are on this program's own class path, at most one for each queue.
  public static HandlerCatalog of(List<LoadedHandler> handlers) {
    return new HandlerCatalog(handlers, List.of(), List.of());
  }

  /// Handlers that were made already, on this program's own class path: held to the same rules as
  /// those in JARs, with the codecs that the class path names.
  ///
  /// @throws HandlerProblemsException with everything that is wrong
  public static HandlerCatalog ofInstances(List<? extends Handler> made) {
    List<String> problems = new ArrayList<>();
    ClassLoader loader =
        made.isEmpty()
            ? HandlerCatalog.class.getClassLoader()
            : made.get(0).getClass().getClassLoader();
    List<LoadedHandler> handlers = new HandlerJar(CLASS_PATH, loader, problems).handlers(made);
    HandlerFolder.noteTwins(handlers, problems);
    if (!problems.isEmpty()) {
      throw new HandlerProblemsException(CLASS_PATH, problems);
    }
    return of(handlers);
  }

  /// The handler of a queue.
  public Optional<LoadedHandler> find(String canvas, String queue) {
    return Optional.ofNullable(byCanvas.getOrDefault(canvas, Map.of()).get(queue));
  }

  /// All handlers, one for each queue, in the order in which they were found.
  public List<LoadedHandler> handlers() {
    return handlers;
  }

  /// The file names of JARs that name no handler in `META-INF/services`. Probably a mistake: a
  /// library in the folder is seen by no handler.
  public List<String> jarsWithoutHandlers() {
    return jarsWithoutHandlers;
  }

  /// Closes the JARs. Handlers that still run may then fail to load further classes.
  ///
  /// @throws UncheckedIOException if one could not be closed; the others are
  @Override
  public void close() {
    List<IOException> failures = new ArrayList<>();
    for (Closeable loader : loaders) {
      try {
        loader.close();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw new UncheckedIOException("a handler JAR could not be closed", failures.get(0));
    }
  }
}
