package dev.nightshift.worker.internal.run;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Names;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceChild;
import dev.nightshift.worker.internal.run.AttemptLimits.ChildLimits;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The child events of one attempt, within their bounds. Guarded by the attempt's context.
final class Children {
  private final ChildLimits limits;
  private final List<Child> children = new ArrayList<>();
  private long bytes;

  Children(ChildLimits limits) {
    this.limits = limits;
  }

  /// The canvas that a child goes to.
  ///
  /// @throws IllegalArgumentException if a name is not allowed or the canvas does not exist
  static Canvas target(ControlView control, String canvas, String queue) {
    Names.problemWithCanvas(canvas).ifPresent(Children::refuse);
    Names.problemWithQueue(queue).ifPresent(Children::refuse);
    Canvas target =
        control
            .canvas(canvas)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "canvas '" + canvas + "' is not known; create it, or correct the name"));
    if (target.deleted()) {
      refuse("canvas '" + canvas + "' was deleted; nothing can be emitted into it");
    }
    return target;
  }

  /// Adds a child.
  ///
  /// @throws IllegalArgumentException if there is no room for it
  void add(Child child) {
    int size = child.bytes();
    if (size > limits.recordBytesMax()) {
      refuse(
          "the child event takes "
              + size
              + " bytes with its headers, at most "
              + limits.recordBytesMax()
              + " are allowed; store the data elsewhere and emit a reference to it");
    }
    if (children.size() >= limits.countMax()) {
      refuse(
          "at most "
              + limits.countMax()
              + " child events are allowed; emit some that emit the others");
    }
    if (bytes + size > limits.totalBytesMax()) {
      refuse(
          "the child events would take "
              + (bytes + size)
              + " bytes together, at most "
              + limits.totalBytesMax()
              + " are allowed; emit some that emit the others");
    }
    children.add(child);
    bytes += size;
  }

  /// Their records, in the order in which they were emitted.
  List<ProducerRecord<byte[], byte[]>> records() {
    return children.stream().map(Child::record).toList();
  }

  /// Names them in their parent's trace; says how many were dropped if it did not complete.
  void into(Trace trace) {
    if (trace.getOutcome().equals(Outcome.COMPLETED.label())) {
      trace.setChildren(
          children.stream()
              .map(child -> new TraceChild(child.canvas(), child.queue(), child.id()))
              .toList());
    } else if (!children.isEmpty()) {
      Traces.addReason(trace, "child events that were not emitted: " + children.size());
    }
  }

  /// @throws IllegalArgumentException always
  static void refuse(String why) {
    throw new IllegalArgumentException(why);
  }
}
