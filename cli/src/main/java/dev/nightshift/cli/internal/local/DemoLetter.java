package dev.nightshift.cli.internal.local;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.dead.DeadLetters;
import dev.nightshift.common.dead.LetterChoice;
import dev.nightshift.common.dead.LetterFilter;
import dev.nightshift.common.dead.LetterJob;
import dev.nightshift.common.dead.LetterPlan;
import dev.nightshift.common.record.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/// Lets an event die of a mistake in the cluster's settings, and redrives it when that is mended.
final class DemoLetter {
  private static final String TOO_SMALL = "200";
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final ConfigResource TOPIC =
      new ConfigResource(
          ConfigResource.Type.TOPIC, TopicPlan.standard().events(DemoStage.CANVAS, 1));

  private final DemoStage stage;
  private final String strong;

  /// @param strong a quake that raises an alert
  DemoLetter(DemoStage stage, String strong) {
    this.stage = stage;
    this.strong = strong;
  }

  void run() {
    stage.title("A dead letter");
    try (Admin admin = Admin.create(ClientConfig.admin(stage.client(), Map.of()));
        DeadLetters dead =
            DeadLetters.of(stage.client(), TopicPlan.standard(), ANSWER_MAX, stage.fleet())) {
      String id = emitAndBreak(admin);
      stage.await("the event is dead", () -> dead(dead) == 1);
      stage.await("it left a trace", () -> stage.trace(id, "errored") != null);
      stage.say(
          "Somebody made the topic too small for alerts. A strong quake's event is dead: what its"
              + " handler emitted");
      stage.say(
          "cannot be stored, so it is not complete either. Its record is kept, with the reason.");
      set(admin, OpType.DELETE, "");
      stage.check(redrive(dead, id) == 1 && dead(dead) == 0, "the letter was not redriven");
      stage.await("the redriven event completes", () -> stage.trace(id, "completed") != null);
      Trace trace = Objects.requireNonNull(stage.trace(id, "completed"));
      stage.check(trace.getChildren().size() == 1, "the redriven event raised no alert");
      String alert = trace.getChildren().get(0).getEventId();
      stage.await("the alert ran", () -> stage.trace(alert, "completed") != null);
      stage.say(
          "The topic is mended and the letter redriven: the quake was assessed, the alert ran.");
    }
  }

  // Emitted while the queue is paused, so that it is there before the topic is too small.
  private String emitAndBreak(Admin admin) {
    stage.fleet().raise(FlagKind.PAUSE, DemoStage.SCOPE, DemoStage.CAUSE, Optional.empty());
    stage.awaitWorkers();
    Set<String> ids = stage.emit(List.of(strong));
    set(admin, OpType.SET, TOO_SMALL);
    stage.fleet().lift(FlagKind.PAUSE, DemoStage.SCOPE, DemoStage.CAUSE);
    return ids.iterator().next();
  }

  private void set(Admin admin, OpType what, String bytes) {
    ConfigEntry entry = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes);
    try {
      admin
          .incrementalAlterConfigs(Map.of(TOPIC, List.of(new AlterConfigOp(entry, what))))
          .all()
          .get();
      stage.await("the broker knows it", () -> set(admin).equals(bytes) || what == OpType.DELETE);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("the demo's topic cannot be changed", e);
    }
  }

  private static String set(Admin admin) {
    try {
      return Objects.requireNonNull(admin.describeConfigs(List.of(TOPIC)).all().get().get(TOPIC))
          .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
          .value();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("the demo's topic cannot be looked at", e);
    }
  }

  private static long dead(DeadLetters dead) {
    return dead.list(LetterFilter.ALL, false, 1).total();
  }

  private static long redrive(DeadLetters dead, String id) {
    LetterPlan plan =
        dead.planRedrive(new LetterChoice(List.of(id), LetterFilter.ALL, OptionalLong.empty()));
    try (LetterJob job = dead.begin(plan, DemoStage.CAUSE)) {
      job.run(Optional.empty(), () -> false, handled -> {});
      return job.done();
    }
  }
}
