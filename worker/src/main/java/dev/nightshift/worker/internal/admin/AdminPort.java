package dev.nightshift.worker.internal.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.events.WorkerStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Serves `/health/live`, `/health/ready` and `/metrics` (Prometheus' text format) from before the
/// worker starts until it has ended. Safe for use by many threads.
public final class AdminPort implements Consumer<WorkerEvent>, AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final WorkerMetrics metrics = new WorkerMetrics(registry);
  private final Health health = new Health();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile Optional<Supplier<WorkerStatus>> worker = Optional.empty();

  /// What is answered to one request.
  private record Response(int code, String type, String text) {
    static Response of(Health.Answer answer) {
      return new Response(answer.good() ? OK : UNAVAILABLE, TEXT, answer.text() + "\n");
    }
  }

  private AdminPort(HttpServer server) {
    this.server = server;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  /// Opens the port.
  ///
  /// @param address port 0 for any that is free
  /// @throws IOException if it is taken, or the host is none of this machine's
  public static AdminPort open(InetSocketAddress address) throws IOException {
    return new AdminPort(HttpServer.create(address, 0));
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /// Settings that make Kafka's clients report their metrics here.
  public Map<String, Object> clientSettings() {
    return KafkaMeters.settings(registry);
  }

  /// The worker has started.
  public void watch(Supplier<WorkerStatus> status) {
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
        .register(registry);
  }

  @Override
  public void accept(WorkerEvent event) {
    metrics.accept(event);
    health.accept(event);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Response response = response(exchange);
      byte[] body = response.text().getBytes(UTF_8);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.getResponseHeaders().set("Content-Type", response.type());
      exchange.sendResponseHeaders(response.code(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Response response(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return new Response(METHOD_NOT_ALLOWED, TEXT, method + " is not allowed: GET or HEAD\n");
    }
    Optional<WorkerStatus> status = worker.map(Supplier::get);
    String path = exchange.getRequestURI().getPath();
    return switch (path) {
      case "/health/live" -> Response.of(health.live(status));
      case "/health/ready" -> Response.of(health.ready(status));
      case "/metrics" -> new Response(OK, PROMETHEUS, registry.scrape());
      default ->
          new Response(
              NOT_FOUND,
              TEXT,
              "there is no such page; there are /health/live, /health/ready and /metrics\n");
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
    gc.close();
    registry.close();
  }
}
