package dev.nightshift.worker;

import dev.nightshift.common.record.Trace;
import dev.nightshift.handler.Handler;
import dev.nightshift.worker.internal.run.HandlerCatalog;
import dev.nightshift.worker.internal.run.HandlerProblemsException;
import dev.nightshift.worker.internal.run.LoadedHandler;
import dev.nightshift.worker.internal.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Runs a handler here and now, without Kafka, by the rules that a worker runs it by: for tests.
/// Immutable; as safe for use by many threads as the handler is.
public final class HandlerTrial {
  private final Handler handler;
  private final List<LoadedHandler> loaded;

  private HandlerTrial(Handler handler, List<LoadedHandler> loaded) {
    this.handler = handler;
    this.loaded = loaded;
  }

  /// What a handler is given.
  ///
  /// @param event the event's record; attempt and all other headers count
  /// @param canvases those that exist besides the handler's own
  /// @param draining whether its worker has been asked to stop
  public record Given(
      ConsumerRecord<byte[], byte[]> event, Set<String> canvases, boolean draining) {
    /// Keeps copies.
    public Given {
      canvases = Set.copyOf(canvases);
    }
  }

  /// What came of it.
  ///
  /// @param children the records that its worker would store with the completion
  public record Ended(Trace trace, List<ProducerRecord<byte[], byte[]>> children) {
    /// Keeps copies.
    public Ended {
      children = List.copyOf(children);
    }
  }

  /// A handler that was made already, on this program's own class path.
  ///
  /// @throws WorkerException.UnusableHandlers if no worker would take it
  public static HandlerTrial of(Handler handler) {
    return new HandlerTrial(handler, catalog(List.of(handler)).handlers());
  }

  /// The queues that it serves, as `canvas/queue`, in the order of its annotations; at least one.
  public List<String> queues() {
    return loaded.stream().map(HandlerTrial::name).toList();
  }

  /// Runs it.
  ///
  /// @param queue which of its queues, as `canvas/queue`
  /// @param atMost the longest wait for it to end
  /// @throws IllegalArgumentException if it does not serve the queue
  /// @throws IllegalStateException if it does not end in time
  public Ended run(String queue, Given given, Duration atMost) {
    LoadedHandler wanted =
        loaded.stream()
            .filter(each -> name(each).equals(queue))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    handler.getClass().getName()
                        + " does not serve the queue "
                        + queue
                        + ", only "
                        + queues()));
    Trial.Ended ended =
        new Trial(given.canvases(), given.draining()).run(wanted, given.event(), atMost);
    return new Ended(ended.trace(), ended.children());
  }

  private static String name(LoadedHandler each) {
    return each.canvas() + "/" + each.queue();
  }

  static HandlerCatalog catalog(List<? extends Handler> handlers) {
    try {
      return HandlerCatalog.ofInstances(handlers);
    } catch (HandlerProblemsException e) {
      throw new WorkerException.UnusableHandlers(String.valueOf(e.getMessage()), e);
    }
  }
}
