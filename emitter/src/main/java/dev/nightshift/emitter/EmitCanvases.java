package dev.nightshift.emitter;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.CanvasTopic;
import dev.nightshift.common.Cause;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.FollowedLog;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/// Finds the canvas of an event, and creates it where that is allowed. Safe for use by many
/// threads.
final class EmitCanvases {
  private final EmitterSettings settings;
  private final FollowedLog<ControlView> control;

  // Held by the thread that creates a canvas: the others find it created.
  private final ReentrantLock creating = new ReentrantLock();

  EmitCanvases(EmitterSettings settings, FollowedLog<ControlView> control) {
    this.settings = settings;
    this.control = control;
  }

  /// Reaches the fleet with an emitter's settings.
  static Fleet fleet(EmitterSettings settings) {
    return Fleet.of(settings.clientConfig(), settings.plan(), settings.confirmTimeout());
  }

  /// A canvas that takes events.
  ///
  /// @throws EmitException if there is none, or it cannot be found out
  /// @throws InterruptException if this thread is interrupted while it waits; it stays so
  Canvas canvas(String name) {
    Optional<Canvas> known = control.view().canvas(name);
    if (known.isEmpty()) {
      known = settings.createCanvases() ? Optional.of(create(name)) : fresh(name);
    }
    if (known.isEmpty()) {
      throw new EmitException.UnknownCanvas(
          "there is no canvas '"
              + name
              + "' and this emitter may not create one: create it with 'nightshift canvas create "
              + name
              + "', or allow createCanvases");
    }
    if (known.get().deleted()) {
      throw new EmitException.CanvasDeleted(known.get().deletedText());
    }
    return known.get();
  }

  private Optional<Canvas> fresh(String name) {
    if (control.awaitFresh(settings.confirmTimeout())) {
      return control.view().canvas(name);
    }
    throw unknown(name, control.problem().orElse("the control topic was not read to its end"));
  }

  private Canvas create(String name) {
    if (!lock()) {
      throw unknown(name, "other canvases are being created");
    }
    try {
      Optional<Canvas> known = fresh(name);
      return known.isPresent() ? known.get() : createNow(name);
    } finally {
      creating.unlock();
    }
  }

  private boolean lock() {
    try {
      return creating.tryLock(settings.confirmTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Canvas createNow(String name) {
    try (Fleet fleet = fleet(settings)) {
      Cause cause = new Cause(settings.source(), "first event of the canvas");
      CanvasTopic topic =
          new CanvasTopic(settings.sharedTopic(), settings.partitions(), settings.replication());
      return fleet.createCanvas(name, topic, cause).after();
    } catch (FleetException.Unreachable e) {
      throw new EmitException.Unreachable(String.valueOf(e.getMessage()), e);
    } catch (FleetException e) {
      throw new EmitException.Refused(String.valueOf(e.getMessage()), e);
    }
  }

  private EmitException unknown(String canvas, String why) {
    return new EmitException.Unreachable(
        "whether there is a canvas '"
            + canvas
            + "' could not be read from "
            + settings.clientConfig().get("bootstrap.servers")
            + " within "
            + Durations.text(settings.confirmTimeout())
            + " ("
            + why
            + "). Nothing was stored; check the brokers and emit it again",
        new TimeoutException(why));
  }
}
