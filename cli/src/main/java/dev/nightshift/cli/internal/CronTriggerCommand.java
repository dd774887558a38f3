package dev.nightshift.cli.internal;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EventRecords;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Emits one event of a cron out of turn.
@Command(
    name = "trigger",
    mixinStandardHelpOptions = true,
    description = {
      "Emits one event of a cron now, and prints its id.",
      "Its ticks stay as they are, also if it is paused. The event says who triggered it (header"
          + " ns-triggered). Each call emits one more."
    },
    footer = {"", "Example: nightshift cron trigger shop/nightly-report --reason 'run it again'"})
final class CronTriggerCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = CronCommand.WHICH,
      description = "The cron.",
      converter = CronWords.CronNames.class)
  private @Nullable CronName name;

  @Option(names = "--dry-run", description = "Only say what would be emitted.")
  private boolean dryRun;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
  private String reason = "";

  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    CronName wanted = Objects.requireNonNull(name);
    try (Fleet fleet = connection.fleet();
        Crons crons = CronCommand.open(fleet, connection)) {
      Cron cron = crons.cron(wanted);
      Canvas canvas = fleet.existing(wanted.canvas());
      QueueName queue = new QueueName(wanted.canvas(), cron.settings().queue());
      String id = EventRecords.newId();
      HandlerNotice notice =
          output.quiet() ? HandlerNotice.none() : HandlerNotice.of(queue, connection);
      if (dryRun) {
        print("an event would be emitted into " + queue, wanted, queue, Optional.empty());
        notice.tell(HandlerNotice.DRY_RUN_WAIT, output::remark);
        return ExitCode.DONE;
      }
      fleet.audit("cron trigger", wanted.toString(), "", "event " + id, actor.cause(reason));
      EventSend.send(
          connection,
          record(cron, canvas, id),
          (cluster, why) -> failure(cluster, canvas, id, why));
      print(id, wanted, queue, Optional.of(id));
      notice.tell(HandlerNotice.EMIT_WAIT, output::remark);
      return ExitCode.DONE;
    }
  }

  private ProducerRecord<byte[], byte[]> record(Cron cron, Canvas canvas, String id) {
    CronSettings settings = cron.settings();
    Instant now = Instant.now();
    Emission emission =
        new Emission(
            canvas.name(),
            settings.queue(),
            settings.payload().bytes(),
            settings.payload().contentType(),
            Optional.of(id),
            Map.of(
                EventHeaders.CRON,
                cron.name().name(),
                EventHeaders.SCHEDULED,
                now.toString(),
                EventHeaders.TRIGGERED,
                actor.cause(reason).actor()));
    return new EventRecords("nightshift-cli", connection.plan())
        .record(emission, canvas, id, Optional.empty(), now);
  }

  private static RuntimeException failure(
      Cluster cluster, Canvas canvas, String id, @Nullable Throwable why) {
    FleetException failure = cluster.failure("emit event " + id + " into " + canvas.topic(), why);
    return failure instanceof FleetException.Unreachable
        ? new CommandException(
            ExitCode.UNREACHABLE,
            failure.getMessage()
                + ". It may be stored: before you trigger again, look for it with: nightshift event"
                + " get "
                + id)
        : failure;
  }

  private void print(String text, CronName cron, QueueName queue, Optional<String> id) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dryRun", dryRun);
    id.ifPresent(value -> fields.put("id", value));
    fields.put("name", cron.toString());
    fields.put("canvas", queue.canvas());
    fields.put("queue", queue.queue());
    output.print(text, id.orElse(cron.toString()), fields);
  }
}
