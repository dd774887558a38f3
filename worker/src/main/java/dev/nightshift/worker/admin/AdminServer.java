package dev.nightshift.worker.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Serves `/health/live`, `/health/ready` and `/metrics` (Prometheus' text format) from when it is
/// opened until it is closed. Safe for use by many threads.
public final class AdminServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final Checks checks;
  private final Map<String, Supplier<Answer>> pages = new ConcurrentSkipListMap<>();

  /// What is answered to one request.
  private record Response(int code, String type, String text) {
    static Response of(Answer answer) {
      return new Response(answer.good() ? OK : UNAVAILABLE, TEXT, answer.text() + "\n");
    }
  }

  private AdminServer(HttpServer server, Checks checks) {
    this.server = server;
    this.checks = checks;
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
  /// @param checks asked for each question about health
  /// @throws IOException if it is taken, or the host is none of this machine's
  public static AdminServer open(InetSocketAddress address, Checks checks) throws IOException {
    return new AdminServer(HttpServer.create(address, 0), checks);
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /// What is in here is shown.
  public MeterRegistry registry() {
    return registry;
  }

  /// Serves one more page from now on.
  ///
  /// @param path such as `/scale`
  /// @param page asked for each request; its text is JSON
  public void page(String path, Supplier<Answer> page) {
    pages.put(path, page);
  }

  /// Settings that make Kafka's clients report their metrics here.
  public Map<String, Object> clientSettings() {
    return KafkaMeters.settings(registry);
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
    String path = exchange.getRequestURI().getPath();
    Supplier<Answer> page = pages.get(path);
    if (page != null) {
      Answer answer = page.get();
      return new Response(answer.good() ? OK : UNAVAILABLE, JSON, answer.text() + "\n");
    }
    return switch (path) {
      case "/health/live" -> Response.of(checks.live());
      case "/health/ready" -> Response.of(checks.ready());
      case "/metrics" -> new Response(OK, PROMETHEUS, registry.scrape());
      default -> new Response(NOT_FOUND, TEXT, "there is no such page; there are " + all() + "\n");
    };
  }

  private String all() {
    List<String> all = new ArrayList<>(List.of("/health/live", "/health/ready", "/metrics"));
    all.addAll(pages.keySet());
    return String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
    gc.close();
    registry.close();
  }
}
