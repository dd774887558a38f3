package dev.nightshift.worker.internal.loop;

/// How many handlers run and what their events take in memory, for whom, and who may start one
/// more: see [Share]. Owned by the loop's thread. Pure.
final class Slots {
  private int total;
  private final Share handlers;
  private final Share bytes;

  /// @param total how many handlers run at once
  /// @param bytesMax what their events take in memory
  Slots(int total, long bytesMax) {
    this.total = total;
    this.handlers = new Share(total);
    this.bytes = new Share(bytesMax);
  }

  /// From now on as many handlers run at once. Those that run beyond it run on.
  void total(int handlersMax) {
    total = handlersMax;
    handlers.total(handlersMax);
  }

  int total() {
    return total;
  }

  int used() {
    return Math.toIntExact(handlers.used());
  }

  int free() {
    return Math.toIntExact(handlers.free());
  }

  /// Whether a queue of a canvas may start one more.
  boolean mayStart(String canvas, String queue, Share.Others others) {
    return handlers.mayTake(canvas, queue, others) && bytes.mayTake(canvas, queue, others);
  }

  void started(Waiting event) {
    handlers.take(event.canvas().name(), event.event().queue(), 1);
    bytes.take(event.canvas().name(), event.event().queue(), event.bytes());
  }

  /// Its handler has ended.
  void ended(Waiting event) {
    handlers.giveBack(event.canvas().name(), event.event().queue(), 1);
  }

  /// Nothing needs the event any more.
  void letGo(Waiting event) {
    bytes.giveBack(event.canvas().name(), event.event().queue(), event.bytes());
  }
}
