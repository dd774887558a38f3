package dev.nightshift.examples.quakes;

import dev.nightshift.handler.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Notes what a handler did with its context. Owned by the test's thread.
final class NotedContext implements Context {
  final List<Child> children = new ArrayList<>();
  final List<String> lines = new ArrayList<>();
  final List<String> steps = new ArrayList<>();

  @Override
  public String emit(String canvas, String queue, @Nullable Object payload) {
    children.add(new Child(canvas, queue, payload));
    return "child-" + children.size();
  }

  @Override
  public void log(String line) {
    lines.add(line);
  }

  @Override
  public <T extends @Nullable Object> T step(String name, Callable<T> work) throws Exception {
    steps.add(name);
    return work.call();
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> timeLeft() {
    return Optional.empty();
  }

  @Override
  public boolean draining() {
    return false;
  }

  @Override
  public String canvas() {
    return "quakes";
  }

  record Child(String canvas, String queue, @Nullable Object payload) {}
}
