package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.WorkersView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// What the workers of a simulated fleet say of themselves, and what each has heard of it. All have
/// the handlers of all queues but one, which only some have.
final class SimPeers {
  private static final int SPAN_SECONDS = 12;

  private final Random random;
  private final InstantSource now;
  private final Map<String, Said> said = new TreeMap<>();

  /// @param handlesSome whether the worker has that queue's handler
  /// @param version of the control log that it acts by
  private record Said(boolean handlesSome, long version, Instant at) {
    boolean live(Instant now) {
      return !at.plus(WorkersView.SILENT_MAX).isBefore(now);
    }
  }

  SimPeers(Random random, InstantSource now) {
    this.random = random;
    this.now = now;
  }

  /// A worker says that it lives.
  void beat(String worker, boolean handlesSome) {
    Said before = said.get(worker);
    acts(worker, handlesSome, before == null ? 0 : before.version());
  }

  /// A worker says by which version of the control log it acts.
  void acts(String worker, boolean handlesSome, long version) {
    said.put(worker, new Said(handlesSome, version, now.instant()));
  }

  /// A worker has ended in peace.
  void left(String worker) {
    said.remove(worker);
  }

  /// Whether a worker that counts as live said before `since` that it has the handler.
  boolean announcedBefore(Instant since) {
    return said.values().stream()
        .anyMatch(
            each -> each.handlesSome() && each.live(now.instant()) && each.at().isBefore(since));
  }

  /// What one worker has heard, which lags behind.
  final class Reader implements Peers {
    private Map<String, Said> heard = new HashMap<>(said);
    private long asked;
    private long answered;
    private boolean leads;

    /// Hears on, now and then; soon if it was asked to.
    void step(int oneIn) {
      if (random.nextInt(asked > answered ? Math.min(oneIn, 3) : oneIn) == 0) {
        heard = new HashMap<>(said);
        answered = asked;
      }
    }

    @Override
    public boolean announce(String canvas, String queue) {
      return switch (queue) {
        case SimEvent.QUEUE_OF_NOBODY -> false;
        case SimEvent.QUEUE_OF_SOME ->
            heard.values().stream()
                .anyMatch(each -> each.handlesSome() && each.live(now.instant()));
        default -> true;
      };
    }

    @Override
    public boolean announceOther(String canvas, String queue) {
      // Nobody need make way. Spans in which a queue counts as alone are longer than it may stand
      // still then.
      return now.instant().getEpochSecond() / SPAN_SECONDS % 2 == 0;
    }

    @Override
    public long refresh() {
      return ++asked;
    }

    @Override
    public long answered() {
      return answered;
    }

    /// Whether all that count as live have said that they act by this version, or a later one.
    boolean allActBy(long version) {
      return heard.values().stream()
          .filter(each -> each.live(now.instant()))
          .allMatch(each -> each.version() >= version);
    }

    @Override
    public void tell(Pulse pulse) {
      leads = pulse.leads();
    }

    /// Whether its worker does what one does for all.
    boolean leads() {
      return leads;
    }
  }
}
