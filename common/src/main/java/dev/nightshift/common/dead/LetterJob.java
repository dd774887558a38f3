package dev.nightshift.common.dead;

import dev.nightshift.common.Cause;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;

/// Redrives or discards letters, some in each transaction, each together with the record that it is
/// done: a process that is killed at any point has done a letter whole or not at all. Owned by one
/// thread.
public final class LetterJob implements AutoCloseable {
  private static final int CHUNK_LETTERS_MAX = 500;
  private static final long CHUNK_BYTES_MAX = 4 << 20;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Setup setup;
  private final LetterSource source;
  private final DeadWriter writer;
  private final long total;
  private final Stays stays = new Stays();
  private long done;
  private boolean finished;

  /// What a job needs to know.
  ///
  /// @param what becomes of the letters
  /// @param deadTopicId Kafka's id of the dead topic
  /// @param view the control log as it was a moment ago. An event of a canvas that was deleted
  ///   since ends for it, as others do
  /// @param topics whether there is a topic of that name
  record Setup(
      LetterState what,
      Cause cause,
      TopicPlan plan,
      Uuid deadTopicId,
      Supplier<ControlView> view,
      Predicate<String> topics) {}

  LetterJob(Setup setup, LetterSource source, DeadWriter writer, long total) {
    this.setup = setup;
    this.source = source;
    this.writer = writer;
    this.total = total;
  }

  /// Does it all.
  ///
  /// @param pace empty for as fast as it goes
  /// @param stop asked again and again; what was done then stays done
  /// @param progress is told how many letters were looked at
  /// @throws DeadLetterException.Overtaken if somebody else began to redrive or discard
  /// @throws dev.nightshift.common.FleetException if Kafka refuses or does not answer
  public void run(Optional<Pace> pace, BooleanSupplier stop, LongConsumer progress) {
    long begin = System.nanoTime();
    while (!finished && !stop.getAsBoolean()) {
      Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
      int due = pace.map(each -> each.due(elapsed, handled())).orElse(CHUNK_LETTERS_MAX);
      if (due > 0) {
        step(Math.min(due, CHUNK_LETTERS_MAX));
        progress.accept(handled());
      } else {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void step(int most) {
    List<ConsumerRecord<byte[], byte[]>> read = source.next(most, CHUNK_BYTES_MAX);
    finished = read.isEmpty();
    ControlView view = finished ? ControlView.EMPTY : setup.view().get();
    List<Item> items = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : read) {
      Letter letter = Letter.of(record, view, setup.plan());
      Optional<String> obstacle =
          setup.what() == LetterState.REDRIVEN
              ? Redelivery.obstacle(letter, setup.topics())
              : Optional.empty();
      obstacle.ifPresentOrElse(why -> stays.add(letter.id(), why), () -> items.add(item(letter)));
    }
    if (!items.isEmpty()) {
      write(items);
    }
  }

  /// A letter, and all that is written for it.
  private record Item(LetterId letter, List<ProducerRecord<byte[], byte[]>> records) {}

  private Item item(Letter letter) {
    ProducerRecord<byte[], byte[]> end =
        new LetterEnd(
                setup.what(),
                InstantSource.system().instant(),
                setup.cause().actor(),
                setup.cause().reason())
            .record(setup.plan().deadDone(), setup.deadTopicId(), letter.id());
    return new Item(
        letter.id(),
        setup.what() == LetterState.REDRIVEN
            ? List.of(Redelivery.record(letter), end)
            : List.of(end));
  }

  // One that Kafka does not take must not hold up the others: halve until it stands alone.
  private void write(List<Item> items) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    items.forEach(item -> records.addAll(item.records()));
    Optional<String> refused = writer.write(records);
    if (refused.isEmpty()) {
      done += items.size();
    } else if (items.size() == 1) {
      stays.add(items.get(0).letter(), refused.get());
    } else {
      int half = items.size() / 2;
      write(items.subList(0, half));
      write(items.subList(half, items.size()));
    }
  }

  private long handled() {
    return done + stays.count();
  }

  /// How many letters it is about: those that the plan had and nobody did meanwhile.
  public long total() {
    return total;
  }

  /// How many were redriven or discarded.
  public long done() {
    return done;
  }

  /// Those that could not be redriven, though the plan had them.
  public Stays stays() {
    return stays;
  }

  /// How many it has not come to. Of a job that ran to its end: those that Kafka removed meanwhile.
  public long left() {
    return total - handled();
  }

  @Override
  public void close() {
    writer.close();
  }
}
