package dev.nightshift.common;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects changes to a [ControlView]. For one thread.
public final class ControlViewBuilder {
  private final ControlView before;
  private long version;
  private long offset;
  private boolean changed;

  // A view's, which is left alone, unless they are its own.
  private Map<String, ControlFact> facts;
  private boolean own;

  ControlViewBuilder(ControlView before) {
    this.before = before;
    this.facts = before.facts();
    this.version = before.version();
    this.offset = before.offset();
  }

  /// What stands below this offset of the control topic was read.
  ControlViewBuilder readTo(long next) {
    changed |= next != offset;
    offset = next;
    return this;
  }

  /// A record was read. A limit or a concurrency of nothing lifts what was said before. A
  /// generation of a canvas that was deleted stays deleted, and its topic stays what was said
  /// first, whatever is written later: somebody created it at the same time and had not seen that
  /// yet.
  public ControlViewBuilder put(ControlFact said) {
    if (saysNothing(said)) {
      return remove(said.key());
    }
    @Nullable ControlFact known = facts.get(said.key());
    ControlFact fact = known instanceof Canvas before ? later(before, said) : said;
    if (!fact.equals(known)) {
      ownFacts().put(fact.key(), fact);
      changed(known, fact);
    }
    return this;
  }

  private Map<String, ControlFact> ownFacts() {
    if (!own) {
      facts = new HashMap<>(facts);
      own = true;
    }
    return facts;
  }

  private void changed(@Nullable ControlFact before, @Nullable ControlFact after) {
    changed = true;
    if (counts(before) || counts(after)) {
      version++;
    }
  }

  private static boolean counts(@Nullable ControlFact fact) {
    return fact != null && !(fact instanceof LiftedFlag);
  }

  private static boolean saysNothing(ControlFact fact) {
    return fact instanceof Limit limit && limit.none()
        || fact instanceof Concurrency told && told.handlers().isEmpty()
        || fact.equals(ScaleBounds.DEFAULT);
  }

  private static ControlFact later(Canvas before, ControlFact said) {
    return said instanceof Canvas canvas && canvas.deleted()
        ? before.deleted(canvas.gone())
        : before;
  }

  /// A tombstone of that key was read.
  public ControlViewBuilder remove(String key) {
    @Nullable ControlFact known = facts.get(key);
    if (known != null) {
      ownFacts().remove(key);
      changed(known, null);
    }
    return this;
  }

  /// The view with these changes; the one before if there are none.
  public ControlView build() {
    own = false;
    return changed ? new ControlView(version, offset, facts) : before;
  }
}
