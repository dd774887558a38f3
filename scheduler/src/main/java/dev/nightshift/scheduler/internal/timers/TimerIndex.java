package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.KeyHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The timers of one partition by key and by time, in arrays of numbers: 48 bytes for each, and 12
/// to 24 for finding it. Pure; owned by one thread.
///
/// Each timer has a slot. A table of slots, addressed by key, is probed one after another; a heap
/// of slots has the earliest on top.
public final class TimerIndex {
  private static final int SLOTS_MIN = 64;
  private static final int EMPTY = 0;

  private int size;
  private int slotsUsed;
  private int[] free = new int[SLOTS_MIN];
  private int freeCount;

  // By slot.
  private long[] high = new long[SLOTS_MIN];
  private long[] low = new long[SLOTS_MIN];
  private long[] due = new long[SLOTS_MIN];
  private long[] offset = new long[SLOTS_MIN];
  private int[] target = new int[SLOTS_MIN];
  private int[] bytes = new int[SLOTS_MIN];
  private int[] heapPlace = new int[SLOTS_MIN];

  private int[] heap = new int[SLOTS_MIN];

  // Slots plus one; at most half full.
  private int[] table = new int[2 * SLOTS_MIN];

  /// How many there are.
  public int size() {
    return size;
  }

  /// When the earliest is due; empty if there is none.
  public OptionalLong firstDue() {
    return size == 0 ? OptionalLong.empty() : OptionalLong.of(due[heap[0]]);
  }

  /// The earliest; of those that are due at once, the one that was written first.
  public Optional<Timer> first() {
    return size == 0 ? Optional.empty() : Optional.of(timer(heap[0]));
  }

  /// The timer of a key.
  public Optional<Timer> get(KeyHash key) {
    int entry = table[place(key.high(), key.low())];
    return entry == EMPTY ? Optional.empty() : Optional.of(timer(entry - 1));
  }

  /// Adds a timer; it takes the place of one with the same key.
  public void put(Timer timer) {
    remove(timer.key());
    if (freeCount == 0 && slotsUsed == high.length) {
      grow();
    }
    int slot = freeCount > 0 ? free[--freeCount] : slotsUsed++;
    high[slot] = timer.key().high();
    low[slot] = timer.key().low();
    due[slot] = timer.dueMicros();
    offset[slot] = timer.offset();
    target[slot] = timer.target();
    bytes[slot] = timer.bytes();
    table[place(high[slot], low[slot])] = slot + 1;
    heap[size] = slot;
    heapPlace[slot] = size;
    size++;
    up(size - 1);
  }

  /// Takes out the timer of a key.
  public Optional<Timer> remove(KeyHash key) {
    int place = place(key.high(), key.low());
    if (table[place] == EMPTY) {
      return Optional.empty();
    }
    int slot = table[place] - 1;
    Timer removed = timer(slot);
    clear(place);
    takeFromHeap(heapPlace[slot]);
    free[freeCount++] = slot;
    return Optional.of(removed);
  }

  /// Takes out timers that go to a target, in no order. Looks at all there are.
  ///
  /// @param below only those whose record stands below this offset
  /// @param most how many at most
  public List<Timer> removeOf(int wanted, long below, int most) {
    List<Timer> found = new ArrayList<>();
    for (int i = 0; i < size && found.size() < most; i++) {
      if (target[heap[i]] == wanted && offset[heap[i]] < below) {
        found.add(timer(heap[i]));
      }
    }
    found.forEach(timer -> remove(timer.key()));
    return found;
  }

  private Timer timer(int slot) {
    return new Timer(
        new KeyHash(high[slot], low[slot]), due[slot], offset[slot], target[slot], bytes[slot]);
  }

  // --- the table

  /// Where the key is, or where it would go.
  private int place(long keyHigh, long keyLow) {
    int mask = table.length - 1;
    int place = start(keyLow);
    while (table[place] != EMPTY) {
      int slot = table[place] - 1;
      if (low[slot] == keyLow && high[slot] == keyHigh) {
        return place;
      }
      place = place + 1 & mask;
    }
    return place;
  }

  private int start(long keyLow) {
    return (int) keyLow & table.length - 1;
  }

  /// Empties a place, and moves up those behind it that would not be found any more.
  private void clear(int place) {
    int mask = table.length - 1;
    int hole = place;
    for (int next = hole + 1 & mask; table[next] != EMPTY; next = next + 1 & mask) {
      int wanted = start(low[table[next] - 1]);
      // Whether the hole lies between where it wants to be and where it is.
      if ((next - wanted & mask) >= (next - hole & mask)) {
        table[hole] = table[next];
        hole = next;
      }
    }
    table[hole] = EMPTY;
  }

  private void grow() {
    int slots = Math.multiplyExact(high.length, 2);
    high = Arrays.copyOf(high, slots);
    low = Arrays.copyOf(low, slots);
    due = Arrays.copyOf(due, slots);
    offset = Arrays.copyOf(offset, slots);
    target = Arrays.copyOf(target, slots);
    bytes = Arrays.copyOf(bytes, slots);
    heapPlace = Arrays.copyOf(heapPlace, slots);
    heap = Arrays.copyOf(heap, slots);
    free = new int[slots];
    table = new int[Math.multiplyExact(slots, 2)];
    for (int i = 0; i < size; i++) {
      int slot = heap[i];
      table[place(high[slot], low[slot])] = slot + 1;
    }
  }

  // --- the heap

  private boolean isBefore(int slot, int other) {
    return due[slot] < due[other] || due[slot] == due[other] && offset[slot] < offset[other];
  }

  private void takeFromHeap(int place) {
    size--;
    if (place == size) {
      return;
    }
    set(place, heap[size]);
    up(place);
    down(place);
  }

  private void up(int from) {
    int place = from;
    int slot = heap[place];
    while (place > 0 && isBefore(slot, heap[(place - 1) / 2])) {
      set(place, heap[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
    set(place, slot);
  }

  private void down(int from) {
    int place = from;
    int slot = heap[place];
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], slot)) {
        break;
      }
      set(place, heap[child]);
      place = child;
    }
    set(place, slot);
  }

  private void set(int place, int slot) {
    heap[place] = slot;
    heapPlace[slot] = place;
  }
}
