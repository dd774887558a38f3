package dev.nightshift.common.ledger;

import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// What is known of one partition's events: which are claimed, completed or handed back above the
/// base. Owned by one thread, a worker's loop as a rule. Pure: no clock, no I/O.
///
/// Everything below [#base] is completed, everything from [#end] on is untouched. In between, marks
/// are kept in pages of 256 offsets, and a page whose offsets are all completed is dropped: a
/// handler that hangs while millions of others pass it costs one page. What the pages cost when
/// written is bounded by [#cost], which grows only by [#receive] and never by claiming or
/// completing: so it is enough to stop receiving while there is no [#hasRoom], and a ledger can
/// then be written at any later time, whatever happened.
public final class Ledger {
  /// An upper bound for what one page costs beside its marks, in bits: the distance from the page
  /// before, the kind, the number of marks.
  static final int PAGE_BITS = 40 + 1 + 8;

  /// One mark in a list: its place in the page and itself.
  static final int LISTED_BITS = 8 + 2;

  /// All marks of a page.
  static final int PLAIN_BITS = 2 * LedgerPage.SIZE;

  private final Uuid topicId;
  private final NavigableMap<Long, LedgerPage> pages;
  // The page that was asked for last: neighbours are asked for one after another.
  private long lastNumber = -1;
  private @Nullable LedgerPage last;
  private long end;
  private long cost;
  private long claims;

  private Ledger(Uuid topicId, long end, NavigableMap<Long, LedgerPage> pages) {
    this.topicId = topicId;
    this.end = end;
    this.pages = pages;
  }

  /// A ledger that knows of nothing from `base` on.
  ///
  /// @param topicId the id of the topic that it speaks of
  public static Ledger empty(Uuid topicId, long base) {
    return new Ledger(topicId, base, new TreeMap<>());
  }

  /// A ledger in the same state, independent of this one.
  public Ledger copy() {
    NavigableMap<Long, LedgerPage> copies = new TreeMap<>();
    pages.forEach((number, page) -> copies.put(number, page.copy()));
    Ledger copy = new Ledger(topicId, end, copies);
    copy.cost = cost;
    copy.claims = claims;
    return copy;
  }

  public Uuid topicId() {
    return topicId;
  }

  /// The offset below which everything is completed.
  public long base() {
    if (pages.isEmpty()) {
      return end;
    }
    Map.Entry<Long, LedgerPage> first = pages.firstEntry();
    return first.getKey() * LedgerPage.SIZE + first.getValue().firstOpen(0);
  }

  /// The offset from which on nothing was received.
  public long end() {
    return end;
  }

  public Mark mark(long offset) {
    if (offset >= end) {
      return Mark.UNTOUCHED;
    }
    LedgerPage page = page(pageOf(offset));
    return page == null ? Mark.COMPLETED : page.mark(indexOf(offset));
  }

  /// Notes that the event at `offset` was read. Offsets between [#end] and it do not exist
  /// (transaction markers, aborted or trimmed records) and count as completed.
  public void receive(long offset) {
    if (offset < end) {
      throw new IllegalStateException("offset " + offset + " was received before, end is " + end);
    }
    end = offset + 1;
    change(pageOrNew(pageOf(offset)), offset, Mark.UNTOUCHED);
  }

  /// Whether one more event can be received.
  ///
  /// @param bits what the written ledger may take
  public boolean hasRoom(long bits) {
    return cost + PAGE_BITS + LISTED_BITS <= bits;
  }

  /// An upper bound for what the pages take when written, in bits, now and after any claims and
  /// completions.
  public long cost() {
    return cost;
  }

  /// Untouched → claimed.
  public void claim(long offset) {
    move(offset, Mark.UNTOUCHED, Mark.CLAIMED);
  }

  /// Claimed → untouched: the attempt did not start, or a live worker gives it up uncharged.
  public void release(long offset) {
    move(offset, Mark.CLAIMED, Mark.UNTOUCHED);
  }

  /// Claimed → handed back.
  public void handBack(long offset) {
    move(offset, Mark.CLAIMED, Mark.HANDED_BACK);
  }

  /// Any mark → completed, for good.
  public void complete(long offset) {
    if (offset >= end) {
      throw new IllegalStateException("offset " + offset + " was not received, end is " + end);
    }
    long number = pageOf(offset);
    LedgerPage page = page(number);
    if (page == null || page.mark(indexOf(offset)) == Mark.COMPLETED) {
      return;
    }
    change(page, offset, Mark.COMPLETED);
    if (page.open() == 0) {
      pages.remove(number);
      last = null;
      lastNumber = -1;
    }
  }

  /// The first offset from `from` on that is not completed, if one below [#end] is.
  public OptionalLong firstOpen(long from) {
    for (Map.Entry<Long, LedgerPage> entry : pages.tailMap(pageOf(from), true).entrySet()) {
      long first = entry.getKey() * LedgerPage.SIZE;
      int index = entry.getValue().firstOpen((int) Math.max(0, from - first));
      if (index < LedgerPage.SIZE) {
        return OptionalLong.of(first + index);
      }
    }
    return OptionalLong.empty();
  }

  /// The first offset from `from` on that is claimed or handed back, if one is.
  public OptionalLong firstClaim(long from) {
    for (OptionalLong open = claims == 0 ? OptionalLong.empty() : firstOpen(from);
        open.isPresent();
        open = firstOpen(open.getAsLong() + 1)) {
      if (claims(mark(open.getAsLong())) > 0) {
        return open;
      }
    }
    return OptionalLong.empty();
  }

  /// The first offset that is neither claimed nor completed nor handed back.
  public long firstUntouched() {
    for (OptionalLong open = firstOpen(0);
        open.isPresent();
        open = firstOpen(open.getAsLong() + 1)) {
      if (claims(mark(open.getAsLong())) == 0) {
        return open.getAsLong();
      }
    }
    return end;
  }

  /// How many offsets are claimed or handed back.
  public long claims() {
    return claims;
  }

  /// How many offsets below [#end] are not completed.
  public long open() {
    return pages.values().stream().mapToLong(LedgerPage::open).sum();
  }

  /// The pages with an offset that is not completed, by number, for the codec.
  NavigableMap<Long, LedgerPage> pages() {
    return pages;
  }

  /// Sets a mark that was read from a written ledger.
  void restore(long offset, Mark mark) {
    if (mark == Mark.COMPLETED) {
      complete(offset);
      return;
    }
    if (offset >= end) {
      receive(offset);
    }
    change(pageOrNew(pageOf(offset)), offset, mark);
  }

  /// Moves the end of a ledger that is read back; everything up to it that was not restored is
  /// completed.
  public void endAt(long offset) {
    end = Math.max(end, offset);
  }

  private void move(long offset, Mark from, Mark to) {
    Mark before = mark(offset);
    if (before != from || offset >= end) {
      throw new IllegalStateException(
          "offset " + offset + " is " + before + ", cannot become " + to);
    }
    change(pageAt(offset), offset, to);
  }

  private @Nullable LedgerPage page(long number) {
    if (number != lastNumber) {
      last = pages.get(number);
      lastNumber = number;
    }
    return last;
  }

  private LedgerPage pageOrNew(long number) {
    LedgerPage page = page(number);
    if (page == null) {
      page = LedgerPage.completed();
      pages.put(number, page);
      last = page;
    }
    return page;
  }

  private LedgerPage pageAt(long offset) {
    LedgerPage page = page(pageOf(offset));
    if (page == null) {
      throw new IllegalStateException("no page for offset " + offset);
    }
    return page;
  }

  private void change(LedgerPage page, long offset, Mark mark) {
    cost -= cost(page.open());
    claims += claims(mark) - claims(page.mark(indexOf(offset)));
    page.mark(indexOf(offset), mark);
    cost += cost(page.open());
  }

  private static int claims(Mark mark) {
    return mark == Mark.CLAIMED || mark == Mark.HANDED_BACK ? 1 : 0;
  }

  private static long cost(int open) {
    return open == 0 ? 0 : PAGE_BITS + Math.min(PLAIN_BITS, open * LISTED_BITS);
  }

  private static long pageOf(long offset) {
    return offset / LedgerPage.SIZE;
  }

  private static int indexOf(long offset) {
    return (int) (offset % LedgerPage.SIZE);
  }
}
