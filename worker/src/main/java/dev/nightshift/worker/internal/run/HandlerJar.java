package dev.nightshift.worker.internal.run;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Names;
import dev.nightshift.handler.Codec;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the handlers of one JAR, noting all problems. Used once, by one thread.
final class HandlerJar {
  private final String name;
  private final ClassLoader loader;
  private final Providers providers;

  HandlerJar(String name, ClassLoader loader, List<String> problems) {
    this.name = name;
    this.loader = loader;
    this.providers = new Providers(name, loader, problems);
  }

  /// Its handlers, as far as they are without problems.
  List<LoadedHandler> handlers() {
    List<LoadedHandler> handlers = new ArrayList<>();
    List<Class<? extends Handler>> types = providers.classes(Handler.class);
    if (types.isEmpty()) {
      return handlers;
    }
    HandlerHome home = home();
    for (Class<? extends Handler> type : types) {
      List<Queue> queues = queues(type);
      Optional<? extends Handler> instance = providers.instance(type);
      instance.ifPresent(
          handler -> queues.forEach(queue -> handlers.add(queue.servedBy(handler, home))));
    }
    return handlers;
  }

  /// Handlers that were made already, as if they were its own.
  List<LoadedHandler> handlers(List<? extends Handler> made) {
    HandlerHome home = home();
    List<LoadedHandler> handlers = new ArrayList<>();
    for (Handler handler : made) {
      queues(handler.getClass()).forEach(queue -> handlers.add(queue.servedBy(handler, home)));
    }
    return handlers;
  }

  private HandlerHome home() {
    return new HandlerHome(name, loader, new Codecs(name, codecs()));
  }

  private List<Codec> codecs() {
    List<Codec> codecs = new ArrayList<>();
    for (Class<? extends Codec> type : providers.classes(Codec.class)) {
      providers.instance(type).ifPresent(codecs::add);
    }
    return codecs;
  }

  private List<Queue> queues(Class<?> type) {
    List<Queue> queues = new ArrayList<>();
    Handles[] annotations = type.getAnnotationsByType(Handles.class);
    if (annotations.length == 0) {
      providers.note(
          type.getName(),
          "it has no @Handles, so it serves no queue",
          "put @Handles(canvas = \"...\", queue = \"...\") on the class");
    }
    for (Handles annotation : annotations) {
      Optional<String> canvasProblem = Names.problemWithCanvas(annotation.canvas());
      Optional<String> queueProblem = Names.problemWithQueue(annotation.queue());
      canvasProblem.ifPresent(problem -> note(type, problem));
      queueProblem.ifPresent(problem -> note(type, problem));
      Optional<Duration> timeLimit = timeLimit(type, annotation);
      if (canvasProblem.isEmpty() && queueProblem.isEmpty()) {
        queues.add(new Queue(annotation.canvas(), annotation.queue(), timeLimit));
      }
    }
    return queues;
  }

  private Optional<Duration> timeLimit(Class<?> type, Handles annotation) {
    if (annotation.timeLimit().isBlank()) {
      return Optional.empty();
    }
    try {
      Duration limit = Durations.parse(annotation.timeLimit());
      if (!limit.isZero()) {
        return Optional.of(limit);
      }
      note(type, "time limit " + Names.quoted(annotation.timeLimit()) + " leaves no time to run");
    } catch (IllegalArgumentException e) {
      note(type, "time limit: " + e.getMessage());
    }
    return Optional.empty();
  }

  private void note(Class<?> type, String problem) {
    providers.note(type.getName(), problem, "correct its @Handles");
  }

  private record Queue(String canvas, String queue, Optional<Duration> timeLimit) {
    LoadedHandler servedBy(Handler handler, HandlerHome home) {
      return new LoadedHandler(canvas, queue, timeLimit, handler, home);
    }
  }
}
