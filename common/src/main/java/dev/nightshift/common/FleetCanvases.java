package dev.nightshift.common;

import dev.nightshift.common.record.AuditRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/// Creates, grows and deletes a fleet's canvases, and makes their lanes; [Fleet] says what holds.
/// Safe for use by many threads.
final class FleetCanvases {
  private final TopicPlan plan;
  private final FleetTopics topics;
  private final Supplier<ControlView> control;
  private final ControlWriter writer;
  private final InstantSource clock;

  /// @param control what the control log says at this moment
  FleetCanvases(
      TopicPlan plan,
      FleetTopics topics,
      Supplier<ControlView> control,
      ControlWriter writer,
      InstantSource clock) {
    this.plan = plan;
    this.topics = topics;
    this.control = control;
    this.writer = writer;
    this.clock = clock;
  }

  CanvasChange create(String name, CanvasTopic wanted, Cause cause) {
    Names.problemWithCanvas(name)
        .ifPresent(problem -> {
          throw new FleetException.InvalidName(problem);
        });
    ControlView view = control.get();
    Optional<Canvas> known = view.canvas(name);
    boolean exists = known.isPresent() && !known.get().deleted();
    Canvas canvas = exists ? known.get() : next(name, known, wanted.shared());
    if (!exists) {
      refuseUsedTopic(view, canvas);
    }
    List<WantedTopic> missing =
        topics.missing(List.of(WantedTopics.events(canvas.topic(), wanted.partitions())));
    Instant now = clock.instant();
    if (exists) {
      if (!canvas.topic().equals(topic(name, canvas.generation(), wanted.shared()))) {
        // Who wants it elsewhere may have written that before: the last record counts in the end.
        settle(canvas, cause, now);
      }
      return new CanvasChange(false, known, canvas);
    }
    String before = known.map(Canvas::text).orElse("none");
    audit("canvas create", name, before, canvas.text(), cause, now);
    Set<String> made = topics.make(missing, wanted.replication());
    Canvas created = settle(canvas, cause, now);
    if (created.topic().equals(canvas.topic())) {
      return new CanvasChange(true, known, created);
    }
    audit("canvas create", name, canvas.text(), created.text(), cause, now);
    if (!canvas.shared() && made.contains(canvas.topic())) {
      topics.delete(canvas.topic()); // Nobody ever heard of it.
    }
    return new CanvasChange(false, known, created);
  }

  // Somebody else may have been first, with another topic, or has deleted it since. The last record
  // must not say otherwise: it is the one that compaction leaves.
  private Canvas settle(Canvas canvas, Cause cause, Instant now) {
    Canvas written = canvas;
    while (true) {
      write(written, cause, now);
      Canvas said = control.get().canvas(canvas.name(), canvas.generation()).orElse(written);
      if (said.equals(written)) {
        return said;
      }
      written = said;
    }
  }

  private Canvas next(String name, Optional<Canvas> known, Optional<String> shared) {
    int generation = known.map(Canvas::generation).orElse(0) + 1;
    String topic = topic(name, generation, shared);
    return new Canvas(name, generation, topic, plan.workersGroup(), false);
  }

  private String topic(String name, int generation, Optional<String> shared) {
    return shared.map(plan::shared).orElseGet(() -> plan.events(name, generation));
  }

  // What is there of the former one would be taken for this one's.
  private static void refuseUsedTopic(ControlView view, Canvas canvas) {
    if (view.canvasesOf(canvas.topic()).stream()
        .anyMatch(former -> former.name().equals(canvas.name()))) {
      throw new FleetException.Refused(
          "canvas "
              + canvas.name()
              + " cannot be created in the shared topic "
              + canvas.topic()
              + " again: what was emitted there before it was deleted may still be there. Create it"
              + " with a topic of its own, nightshift canvas create "
              + canvas.name()
              + ", or name another one that it shares");
    }
  }

  CanvasChange delete(Canvas known, String with, Cause cause) {
    if (known.deleted()) {
      return new CanvasChange(false, Optional.of(known), known);
    }
    Canvas deleted = known.deleted(false);
    Instant now = clock.instant();
    String after = deleted.text() + (with.isEmpty() ? "" : " with " + with);
    audit("canvas delete", known.name(), known.text(), after, cause, now);
    write(deleted, cause, now);
    return new CanvasChange(true, Optional.of(known), deleted);
  }

  boolean grow(Canvas canvas, int partitions, Cause cause) {
    Fleet.checkRange("partitions", OptionalInt.of(partitions), Fleet.PARTITIONS_MAX);
    int before = topics.existing(canvas.topic());
    if (before >= partitions) {
      return false;
    }
    String text = " partitions";
    audit("canvas grow", canvas.name(), before + text, partitions + text, cause, clock.instant());
    topics.grow(canvas.topic(), partitions);
    return true;
  }

  Lane lane(Canvas canvas, String queue) {
    ControlView view = control.get();
    Optional<Lane> known = view.lane(canvas, queue);
    if (known.isPresent()) {
      return known.get();
    }
    refuseLaneOfDeleted(view, canvas, queue);
    return makeLane(canvas, queue);
  }

  /// Makes a lane that there was not when its maker looked. It looks again once the topic is there:
  /// a process may have stood still for so long that all others took it for dead, and the canvas
  /// was deleted without it, this lane's first topic and all.
  Lane makeLane(Canvas canvas, String queue) {
    String topic = plan.lane(canvas.name(), canvas.generation(), queue);
    Set<String> made =
        topics.make(topics.missing(List.of(WantedTopics.lane(topic))), OptionalInt.empty());
    ControlView view = control.get();
    // Where there is a record, somebody else may have moved events there, and it goes with the
    // canvas.
    if (isDeleted(view, canvas) && made.contains(topic) && view.lane(canvas, queue).isEmpty()) {
      topics.delete(topic);
    }
    refuseLaneOfDeleted(view, canvas, queue);
    Lane lane = new Lane(canvas.name(), canvas.generation(), queue, topic, topics.existing(topic));
    writer.write(
        "write the control record of lane " + topic,
        ControlRecords.of(plan.control(), lane, clock.instant()));
    return lane;
  }

  private static boolean isDeleted(ControlView view, Canvas canvas) {
    return view.canvas(canvas.name(), canvas.generation()).map(Canvas::deleted).orElse(true);
  }

  private static void refuseLaneOfDeleted(ControlView view, Canvas canvas, String queue) {
    if (isDeleted(view, canvas)) {
      throw new FleetException.UnknownCanvas(
          "canvas "
              + canvas.name()
              + " (generation "
              + canvas.generation()
              + ") was deleted: no lane is made for its queue "
              + queue
              + " any more, its events end as canvas_deleted");
    }
  }

  private void write(Canvas canvas, Cause cause, Instant now) {
    writer.write(
        "write the control record of canvas " + canvas.name(),
        ControlRecords.of(plan.control(), canvas, cause.actor(), now));
  }

  private void audit(
      String action, String target, String before, String after, Cause cause, Instant now) {
    writer.audit(
        new AuditRecord(now, cause.actor(), action, target, before, after, cause.reason()));
  }
}
