package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.KeyHash;
import dev.nightshift.common.KnownNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What is known of one partition of the delayed topic: which events wait, which are to be ended.
/// Who reads the partition from its start comes to the same as who followed it, compacted or not.
/// Pure; owned by the partition's thread.
///
/// While the partition is this scheduler's the records of what is due soon are kept, or read back:
/// whoever asks for what is [#wanted] hands it in. Else only the index is kept.
public final class TimerBook {
  private static final int UNREAD_MAX = 2_000;

  private final KnownNames names = new KnownNames();
  private final Targets targets = new Targets();
  private final TimerIndex index = new TimerIndex();
  private final NearTimers near;
  private final DoomedTimers doomed = new DoomedTimers();
  private final Map<Integer, Integer> countOf = new HashMap<>();
  private final Map<String, Long> restsUntil = new HashMap<>();
  private final TimerRecords records;
  private final long horizonMicros;

  private long readTo;
  private long targetsAdded;
  private boolean isOwned;

  /// Bounds of one transaction.
  ///
  /// @param acts how many events
  /// @param bytes what is written of them, but one event at least
  public record Batch(int acts, long bytes) {}

  /// @param records makes what is written
  /// @param bytesMax what the records of events that are due soon may take; one may exceed it
  /// @param horizonMicros how long before it is due an event's record is read
  public TimerBook(TimerRecords records, long bytesMax, long horizonMicros) {
    this.records = records;
    this.near = new NearTimers(bytesMax);
    this.horizonMicros = horizonMicros;
  }

  /// How many events wait.
  public int size() {
    return index.size() + near.size();
  }

  /// Where the next record stands that was not read yet.
  public long readTo() {
    return readTo;
  }

  /// All below this offset was read.
  public void readTo(long offset) {
    this.readTo = offset;
  }

  // --- reading

  /// Reads the next record.
  public void read(ConsumerRecord<byte[], byte[]> record, long nowMicros) {
    readTo = record.offset() + 1;
    if (record.key() == null) {
      return; // The topic is compacted and takes none.
    }
    KeyHash key = KeyHash.of(record.key());
    switch (DelayedRecord.of(record, names)) {
      case DelayedRecord.Waiting(String canvas, Optional<String> topic, long due) -> {
        take(key);
        int target = targets.number(canvas, topic);
        add(new Timer(key, due, record.offset(), target, Timer.bytes(record)), record, nowMicros);
      }
      case DelayedRecord.Cancel(String actor) -> cancel(record, key, actor);
      case DelayedRecord.End(long through) -> end(key, through);
      case DelayedRecord.Undecodable(String reason) -> {
        take(key);
        doom(new Fate.Undecodable(reason), record.offset(), OptionalLong.of(record.offset()), null);
      }
    }
  }

  private void cancel(ConsumerRecord<byte[], byte[]> record, KeyHash key, String actor) {
    @Nullable ConsumerRecord<byte[], byte[]> event =
        near.get(key).flatMap(NearTimers.Near::record).orElse(null);
    Optional<Timer> timer = take(key);
    if (timer.isPresent()) {
      doom(
          new Fate.Cancelled(record.key(), actor),
          record.offset(),
          OptionalLong.of(timer.get().offset()),
          event);
    } else {
      doom(new Fate.Gone(record.key()), record.offset(), OptionalLong.empty(), null);
    }
  }

  private void end(KeyHash key, long through) {
    doomed.remove(through);
    Optional<Timer> timer = get(key);
    if (timer.isEmpty()) {
      return;
    }
    long offset = timer.get().offset();
    if (offset <= through) {
      take(key);
    } else {
      doom(new Fate.Rewritten(key), offset, OptionalLong.of(offset), null);
    }
  }

  private void doom(
      Fate fate,
      long through,
      OptionalLong offset,
      @Nullable ConsumerRecord<byte[], byte[]> record) {
    doomed.add(fate, through, offset, isOwned ? record : null);
  }

  private Optional<Timer> get(KeyHash key) {
    return near.get(key).map(NearTimers.Near::timer).or(() -> index.get(key));
  }

  private Optional<Timer> take(KeyHash key) {
    Optional<Timer> taken =
        near.remove(key).map(NearTimers.Near::timer).or(() -> index.remove(key));
    taken.ifPresent(timer -> {
      countOf.merge(timer.target(), -1, TimerBook::sum);
      doomed.removeRewritten(timer.offset());
    });
    return taken;
  }

  private static @Nullable Integer sum(Integer a, Integer b) {
    return a + b == 0 ? null : a + b;
  }

  private void add(Timer timer, ConsumerRecord<byte[], byte[]> record, long nowMicros) {
    if (countOf.merge(timer.target(), 1, TimerBook::sum) == 1) {
      targetsAdded++;
    }
    if (isOwned && timer.dueMicros() <= nowMicros + horizonMicros) {
      near.makeRoomFor(timer).forEach(index::put);
      if (near.hasRoomFor(timer)) {
        near.add(timer, record);
        return;
      }
    }
    index.put(timer);
  }

  // --- whose it is

  /// The partition is this scheduler's, or not any more.
  public void own(boolean owned) {
    isOwned = owned;
    if (!owned) {
      near.clear().forEach(index::put);
      doomed.dropRecords();
    }
  }

  // --- records of what is due soon

  /// The offsets of records that are to be read, in rising order; until [#loaded] or [#missing] is
  /// told of them they are named again.
  public long[] wanted(long nowMicros) {
    while (near.unread().size() < UNREAD_MAX && moveFirst(nowMicros + horizonMicros)) {
      // Another may follow.
    }
    LongStream ofNear = near.unread().stream().mapToLong(Long::longValue);
    return LongStream.concat(doomed.wanted(UNREAD_MAX), ofNear).sorted().distinct().toArray();
  }

  private boolean moveFirst(long untilMicros) {
    Optional<Timer> first = index.first().filter(timer -> timer.dueMicros() <= untilMicros);
    if (first.isEmpty()) {
      return false;
    }
    near.makeRoomFor(first.get()).forEach(index::put);
    if (!near.hasRoomFor(first.get())) {
      return false;
    }
    index.remove(first.get().key());
    near.add(first.get(), null);
    return true;
  }

  /// A record was read that was wanted. It may not be any more.
  public void loaded(ConsumerRecord<byte[], byte[]> record) {
    near.loaded(record);
    doomed.loaded(record);
  }

  /// A record that was wanted is not there: a later one of its key has taken its place, which was
  /// read or will be.
  public void missing(long offset) {
    near.unread(offset).ifPresent(gone -> take(gone.timer().key()));
    doomed.missing(offset);
  }

  // --- deleted canvases

  /// The targets that events wait for and that are not there, by this view, with the reason.
  public Map<Integer, String> dead(ControlView view) {
    Map<Integer, String> dead = new HashMap<>();
    for (int target : countOf.keySet()) {
      if (targets.verdict(target, view) instanceof Targets.Verdict.Dead(String reason)) {
        dead.put(target, reason);
      }
    }
    return dead;
  }

  /// Grows when events wait for a target that none waited for before: as long as it is the same,
  /// and the view is, so is what is [#dead].
  public long targetsAdded() {
    return targetsAdded;
  }

  /// Events that wait for a target are to be ended.
  ///
  /// @param below only those whose record stands below this offset
  /// @param most how many, roughly
  /// @return how many they were
  public int sweep(int target, String reason, long below, int most) {
    String canvas = targets.canvas(target);
    List<NearTimers.Near> soon = near.removeOf(target, below);
    soon.forEach(each -> doomDeleted(each.timer(), canvas, reason, each.record().orElse(null)));
    List<Timer> later = index.removeOf(target, below, most);
    later.forEach(each -> doomDeleted(each, canvas, reason, null));
    return soon.size() + later.size();
  }

  private void doomDeleted(
      Timer timer, String canvas, String reason, @Nullable ConsumerRecord<byte[], byte[]> record) {
    countOf.merge(timer.target(), -1, TimerBook::sum);
    doom(
        new Fate.CanvasDeleted(canvas, reason),
        timer.offset(),
        OptionalLong.of(timer.offset()),
        record);
  }

  // --- what is to be written

  /// How many are to be ended.
  public int doomed() {
    return doomed.size();
  }

  /// When the earliest of all is due; empty if none waits.
  public OptionalLong firstDueMicros() {
    OptionalLong later = index.firstDue();
    OptionalLong sooner = near.first().stream().mapToLong(Timer::dueMicros).findFirst();
    return later.isPresent() && sooner.isPresent()
        ? OptionalLong.of(Math.min(later.getAsLong(), sooner.getAsLong()))
        : later.isPresent() ? later : sooner;
  }

  /// When there may be something to write; empty if that is not known.
  public OptionalLong nextMicros() {
    return doomed.anyReady()
        ? OptionalLong.of(0)
        : near.first().stream().mapToLong(Timer::dueMicros).findFirst();
  }

  /// What is to be written now: those that end first, then those that are due.
  public List<Act> acts(ControlView view, Instant now, Batch batch) {
    List<Act> acts = new ArrayList<>();
    long bytes = 0;
    for (Doomed each : doomed.ready()) {
      if (acts.size() == batch.acts() || bytes > batch.bytes()) {
        return acts;
      }
      acts.add(records.end(each, now));
      bytes += acts.getLast().bytes();
    }
    addDue(view, now, batch, acts);
    return acts;
  }

  private void addDue(ControlView view, Instant now, Batch batch, List<Act> acts) {
    long nowMicros = nowMicros(now);
    long bytes = acts.stream().mapToLong(Act::bytes).sum();
    List<Timer> resting = new ArrayList<>();
    Iterator<NearTimers.Near> soon = near.iterator();
    while (soon.hasNext() && acts.size() < batch.acts()) {
      NearTimers.Near next = soon.next();
      if (next.timer().dueMicros() > nowMicros) {
        break;
      }
      if (!(targets.verdict(next.timer().target(), view)
          instanceof Targets.Verdict.Into(String topic))) {
        continue;
      }
      long rests = restsUntil.getOrDefault(topic, 0L);
      if (rests > nowMicros) {
        resting.add(next.timer().at(rests));
      } else if (next.record().isPresent() && !doomed.has(next.timer().offset())) {
        ConsumerRecord<byte[], byte[]> record = next.record().get();
        Act.Fire fire = records.fire(next.timer(), record, topic, due(record, next.timer()));
        bytes += fire.bytes();
        if (bytes > batch.bytes() && !acts.isEmpty()) {
          break;
        }
        acts.add(fire);
      }
    }
    for (Timer later : resting) {
      near.remove(later.key());
      index.put(later);
    }
  }

  // A timer that rested has another time than its event.
  private long due(ConsumerRecord<byte[], byte[]> record, Timer timer) {
    return DelayedRecord.of(record, names) instanceof DelayedRecord.Waiting(_, _, long due)
        ? due
        : timer.dueMicros();
  }

  /// What was to be written is written.
  public void done(Act act) {
    switch (act) {
      case Act.Fire fire -> {
        // A later record of its key may have been read meanwhile.
        get(fire.timer().key())
            .filter(timer -> timer.offset() == fire.timer().offset())
            .ifPresent(timer -> take(timer.key()));
      }
      case Act.End end -> doomed.ended(end.through()).ifPresent(this::take);
      case Act.Tick tick -> throw notOfTimers(tick);
    }
  }

  /// Kafka will never take what was to be written: it ends otherwise.
  ///
  /// @param reason what Kafka says
  public void refused(Act act, String reason) {
    switch (act) {
      case Act.Fire fire ->
          refused(
              fire.timer(),
              "it cannot be emitted when it is due: " + reason,
              near.get(fire.timer().key()).flatMap(NearTimers.Near::record).orElse(null));
      case Act.End end ->
          doomed
              .get(end.through())
              .ifPresent(each -> {
                if (each.fate() instanceof Fate.Rewritten(KeyHash key)) {
                  String why = "it waits, and cannot be stored once more: " + reason;
                  get(key).ifPresent(timer -> refused(timer, why, each.record().orElse(null)));
                } else {
                  each.tellLess();
                }
              });
      case Act.Tick tick -> throw notOfTimers(tick);
    }
  }

  private void refused(
      Timer timer, String reason, @Nullable ConsumerRecord<byte[], byte[]> record) {
    take(timer.key());
    doom(
        new Fate.Refused(targets.canvas(timer.target()), reason),
        timer.offset(),
        OptionalLong.of(timer.offset()),
        record);
  }

  private static IllegalArgumentException notOfTimers(Act.Tick tick) {
    return new IllegalArgumentException("cron " + tick.cron() + " is not in this book");
  }

  /// A topic cannot be written now: its events wait.
  public void rest(String topic, long untilMicros) {
    restsUntil.put(topic, untilMicros);
  }

  /// A time in microseconds since 1970, never later than it is.
  public static long nowMicros(Instant now) {
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
  }
}
