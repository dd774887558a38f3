package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.BreakerStep;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Killer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/// What one simulated worker does for the queues' breakers, a little later: it may be dead by then.
final class SimKills implements Kills {
  private final SimWorld world;
  private final String worker;
  private final Deque<Order> orders = new ArrayDeque<>();
  private long asked;
  private long answered;

  private record Order(long number, Function<ControlView, BreakerStep> step) {}

  SimKills(SimWorld world, String worker) {
    this.world = world;
    this.worker = worker;
  }

  @Override
  public long killed(Killer killer) {
    asked++;
    orders.addLast(
        new Order(
            asked,
            view -> {
              world.promises.counted(killer.eventId(), killer.attempt());
              return BreakerStep.killed(view, killer, world.clock.instant());
            }));
    return asked;
  }

  @Override
  public long answered() {
    return answered;
  }

  @Override
  public void survived(Canvas canvas, String queue, String eventId) {
    orders.addLast(
        new Order(asked, view -> BreakerStep.survived(view, canvas, queue, world.clock.instant())));
  }

  /// Does one of what it was told, or not yet.
  void step() {
    if (orders.isEmpty() || world.breaks.nextInt(3) > 0) {
      return;
    }
    Order order = orders.removeFirst();
    BreakerStep step = order.step().apply(world.canvases.view());
    world.canvases.step(step);
    step.block()
        .ifPresent(block -> {
          world.tell(worker, block.scope() + " is " + block.text());
          world.promises.blocked(world.plan, block);
        });
    answered = order.number();
  }
}
