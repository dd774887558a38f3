package dev.nightshift.worker.internal.admin;

import dev.nightshift.worker.admin.AdminServer;
import dev.nightshift.worker.admin.Answer;
import dev.nightshift.worker.admin.Checks;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.events.WorkerStatus;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What a worker serves from before it starts until it has ended. Safe for use by many threads.
public final class AdminPort implements Consumer<WorkerEvent>, AutoCloseable {
  private final Health health = new Health();
  private final AdminServer server;
  private final WorkerMetrics metrics;
  private volatile Optional<Supplier<WorkerStatus>> worker = Optional.empty();

  private AdminPort(InetSocketAddress address) throws IOException {
    this.server = AdminServer.open(address, new WorkerChecks());
    this.metrics = new WorkerMetrics(server.registry());
  }

  /// Opens the port.
  ///
  /// @param address port 0 for any that is free
  /// @throws IOException if it is taken, or the host is none of this machine's
  public static AdminPort open(InetSocketAddress address) throws IOException {
    return new AdminPort(address);
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return server.address();
  }

  /// Settings that make Kafka's clients report their metrics here.
  public Map<String, Object> clientSettings() {
    return server.clientSettings();
  }

  /// The worker has started.
  public void watch(Supplier<WorkerStatus> status) {
    gauge("nightshift.slots", "Handlers at once, at most.", status, WorkerStatus::slots);
    gauge("nightshift.running", "Handlers that run.", status, WorkerStatus::running);
    gauge("nightshift.waiting", "Events in memory without a slot.", status, WorkerStatus::waiting);
    gauge("nightshift.partitions", "Assigned partitions.", status, WorkerStatus::partitions);
    gauge(
        "nightshift.control.offset",
        "The worker acts by all below this offset of the control topic.",
        status,
        WorkerStatus::controlOffset);
    worker = Optional.of(status);
  }

  private void gauge(
      String name,
      String description,
      Supplier<WorkerStatus> status,
      ToDoubleFunction<WorkerStatus> value) {
    Gauge.builder(name, () -> value.applyAsDouble(status.get()))
        .description(description)
        .register(server.registry());
  }

  @Override
  public void accept(WorkerEvent event) {
    metrics.accept(event);
    health.accept(event);
  }

  @Override
  public void close() {
    server.close();
  }

  private final class WorkerChecks implements Checks {
    @Override
    public Answer live() {
      return health.live(worker.map(Supplier::get));
    }

    @Override
    public Answer ready() {
      return health.ready(worker.map(Supplier::get));
    }
  }
}
