package example;

import dev.nightshift.common.FleetException;
import dev.nightshift.emitter.Emitted;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A service that emits events: everything it needs of Nightshift is the emitter. */
public final class EmitOrders {
  private EmitOrders() {}

  /** Emits three orders into queue `bill` of canvas `shop` and says where Kafka has them. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("usage: EmitOrders HOST:PORT");
      System.exit(2);
    }
    try (Emitter emitter = Emitter.connect(EmitterSettings.of(args[0], "orders"))) {
      List<CompletableFuture<Emitted>> orders = new ArrayList<>();
      for (int number = 1; number <= 3; number++) {
        orders.add(emitter.emitJson("shop", "bill", "{\"order\":" + number + "}"));
      }
      for (CompletableFuture<Emitted> order : orders) {
        Emitted emitted = order.join(); // Kafka has it durably
        System.out.println(emitted.id() + " " + emitted.topic() + "/" + emitted.partition());
      }
    } catch (FleetException e) { // no cluster there, or it refuses
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (CompletionException e) {
      System.err.println(e.getCause().getMessage());
      System.exit(1);
    }
  }
}
