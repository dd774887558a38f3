package shop;

import dev.nightshift.handler.Context;
import dev.nightshift.handler.Event;
import dev.nightshift.handler.Handler;
import dev.nightshift.handler.Handles;

@Handles(canvas = "shop", queue = "bill", timeLimit = "30s")
public final class Bill implements Handler {
  public record Order(int number, int cents) {}

  @Override
  public String handle(Event event, Context context) throws Exception {
    Order order = event.as(Order.class);
    String bill = context.step("write", () -> "order " + order.number() + ": " + order.cents());
    context.log("billed " + order.number());
    return bill;
  }
}
