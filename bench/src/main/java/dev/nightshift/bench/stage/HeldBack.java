package dev.nightshift.bench.stage;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/// Looks, on a thread of its own, how much of a topic readers of committed records may not see yet:
/// what lies behind the last stable offset (LSO), and for how long that stands still.
public final class HeldBack implements AutoCloseable {
  private static final long EVERY_MILLIS = 20;

  private final Admin admin;
  private final String topic;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "bench-held-back");

  /// These belong to the thread until it has ended.
  private final Map<Integer, Stand> stands = new HashMap<>();

  private long looks;
  private long looksWithHeld;
  private long heldMost;
  private long standstillNanosMost;

  private record Stand(long stable, long sinceNanos) {}

  private HeldBack(String bootstrapServers, String topic) {
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    this.topic = topic;
  }

  /// Starts to look.
  public static HeldBack watch(String bootstrapServers, String topic) {
    HeldBack watch = new HeldBack(bootstrapServers, topic);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      while (!stop.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void look() throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
    for (int i = 0; i < Load.PARTITIONS; i++) {
      ask.put(new TopicPartition(topic, i), OffsetSpec.latest());
    }
    var stable = admin.listOffsets(ask, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
    var end = admin.listOffsets(ask, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
    long now = System.nanoTime();
    for (TopicPartition partition : ask.keySet()) {
      long stableAt = stable.partitionResult(partition).get().offset();
      long held = Math.max(0, end.partitionResult(partition).get().offset() - stableAt);
      looks++;
      looksWithHeld += held > 0 ? 1 : 0;
      heldMost = Math.max(heldMost, held);
      Stand before = stands.get(partition.partition());
      if (held == 0 || before == null || before.stable() != stableAt) {
        stands.put(partition.partition(), new Stand(stableAt, now));
      } else {
        standstillNanosMost = Math.max(standstillNanosMost, now - before.sinceNanos());
      }
    }
  }

  /// Stops to look and says what was seen.
  public String text() {
    close();
    return String.format(
        Locale.ROOT,
        "LSO: in %.0f %% of %,d looks a partition's records waited for it, %,d at most; it stood"
            + " still for %d ms at most.",
        looks == 0 ? 0.0 : 100.0 * looksWithHeld / looks,
        looks,
        heldMost,
        TimeUnit.NANOSECONDS.toMillis(standstillNanosMost));
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    admin.close();
  }
}
