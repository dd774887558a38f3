package dev.nightshift.common;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Which cluster is spoken to and how long an answer may take: waits for answers and turns Kafka's
/// errors into ours. Immutable, safe for use by many threads.
///
/// @param bootstrap the `bootstrap.servers` it was reached by, for messages
/// @param timeout the longest wait for one answer
public record Cluster(String bootstrap, Duration timeout) {
  public static Cluster of(Map<String, Object> clientConfig, Duration timeout) {
    Object bootstrap = clientConfig.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    return new Cluster(bootstrap == null ? "" : bootstrap.toString(), timeout);
  }

  /// What a request may do that returns its answer later.
  public interface Request<T> {
    /// Sends it. May throw what Kafka throws for wrong settings.
    KafkaFuture<T> send();
  }

  /// Sends a request and waits for the answer.
  ///
  /// @param doing completes "cannot …" in the message
  public <T> T ask(String doing, Request<T> request) {
    try {
      return await(request.send());
    } catch (ExecutionException e) {
      throw failure(doing, e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw failure(doing, e);
    }
  }

  /// Asks through a client that waits itself, a consumer for example.
  ///
  /// @param doing completes "cannot …" in the message
  public <T> T call(String doing, Supplier<T> question) {
    try {
      return question.get();
    } catch (KafkaException e) {
      throw failure(doing, e);
    }
  }

  /// All that a log says at this moment.
  ///
  /// @param doing completes "cannot …" in the message
  /// @throws FleetException.Unreachable if it cannot be read to its end in time
  public <V> V fresh(FollowedLog<V> log, String doing) {
    if (!log.awaitFresh(timeout)) {
      String why = log.problem().orElse("it was not read to its end");
      throw unreachable(doing, new org.apache.kafka.common.errors.TimeoutException(why));
    }
    return log.view();
  }

  /// Waits for an answer whose failures the caller tells apart.
  ///
  /// @throws InterruptException if this thread is interrupted; it stays so
  <T> T await(KafkaFuture<T> answer) throws ExecutionException, TimeoutException {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /// The exception to throw for what a client of Kafka said.
  public FleetException failure(String doing, @Nullable Throwable thrown) {
    Throwable cause = thrown == null ? new KafkaException("no reason given") : thrown;
    if (cause instanceof FleetException known) {
      return known;
    }
    if (isUnreachable(cause)) {
      return unreachable(doing, cause);
    }
    if (cause instanceof AuthorizationException) {
      return new FleetException.Refused(
          "cannot "
              + doing
              + ": Kafka at "
              + bootstrap
              + " does not allow it ("
              + said(cause)
              + "). Grant this client's principal the right, or use another principal",
          cause);
    }
    if (cause instanceof AuthenticationException) {
      return new FleetException.Refused(
          "cannot "
              + doing
              + ": Kafka at "
              + bootstrap
              + " does not know this client ("
              + said(cause)
              + "). Check the TLS and SASL settings of the client configuration",
          cause);
    }
    return new FleetException.Refused(
        "cannot " + doing + ": Kafka at " + bootstrap + " refuses (" + said(cause) + ")", cause);
  }

  public FleetException.Unreachable unreachable(String doing, Throwable cause) {
    String how = isNotFound(cause) ? "was not found" : "did not answer within " + seconds(timeout);
    return unreachable(doing, how + " (" + said(cause) + ")", cause);
  }

  /// The exception to throw when all addresses are known to be nobody's.
  ///
  /// @param why which of them do what
  FleetException.Unreachable nobody(String why) {
    return unreachable(
        "connect to the cluster", "does not answer (" + why + ")", new ConnectException(why));
  }

  private FleetException.Unreachable unreachable(String doing, String how, Throwable cause) {
    return new FleetException.Unreachable(
        "cannot "
            + doing
            + ": Kafka at "
            + bootstrap
            + " "
            + how
            + ". Check that the brokers run and that bootstrap.servers is right; a TLS or SASL"
            + " listener also wants its settings in the client configuration",
        cause);
  }

  static boolean isUnreachable(Throwable cause) {
    return cause instanceof TimeoutException
        || cause instanceof org.apache.kafka.common.errors.TimeoutException
        || cause instanceof DisconnectException
        || isNotFound(cause);
  }

  /// Whether no client could even be made, as there is no address to connect to.
  private static boolean isNotFound(Throwable cause) {
    return cause.getCause() instanceof ConfigException nested
        && String.valueOf(nested.getMessage()).contains("bootstrap");
  }

  /// What a failure says, in one line.
  static String said(Throwable cause) {
    Throwable deepest =
        cause.getCause() instanceof ConfigException nested && cause instanceof KafkaException
            ? nested
            : cause;
    String message = deepest.getMessage();
    return deepest.getClass().getSimpleName() + (message == null ? "" : ": " + message.strip());
  }

  /// A duration as messages show it: `5 s`, `0.3 s`.
  static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0
        ? millis / 1000 + " s"
        : String.format(Locale.ROOT, "%.3f s", millis / 1000.0).replaceAll("0+ s$", " s");
  }
}
