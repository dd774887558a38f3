package dev.nightshift.scheduler.internal.crons;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.scheduler.internal.thread.OwnThread;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Finds out whether events have ended. Its own thread looks, for one after another; the queue to
/// it holds one question a cron at most.
public final class Overlaps implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration PAUSE_AFTER_PROBLEM = Duration.ofMillis(500);

  /// Clocks of brokers and schedulers may differ by so much.
  private static final Duration CLOCKS_MAX = Duration.ofMinutes(10);

  private final Map<String, Object> client;
  private final TopicPlan plan;
  private final Supplier<ControlView> control;
  private final BiConsumer<CronDesk.Question, Boolean> answers;
  private final BlockingQueue<CronDesk.Question> questions = new LinkedBlockingQueue<>();
  private final OwnThread thread;

  // The thread's own.
  private @Nullable BacklogReader backlog;

  private Overlaps(
      Map<String, Object> client,
      TopicPlan plan,
      Supplier<ControlView> control,
      BiConsumer<CronDesk.Question, Boolean> answers,
      Consumer<Throwable> failed) {
    this.client = client;
    this.plan = plan;
    this.control = control;
    this.answers = answers;
    this.thread = new OwnThread("nightshift-overlaps", failed, this::run, this::forgetReader);
  }

  /// Starts the thread.
  ///
  /// @param answers told whether an event has not ended
  /// @param failed told if the thread ends for a reason that nobody foresaw
  public static Overlaps start(
      Map<String, Object> client,
      TopicPlan plan,
      Supplier<ControlView> control,
      BiConsumer<CronDesk.Question, Boolean> answers,
      Consumer<Throwable> failed) {
    Overlaps started = new Overlaps(client, plan, control, answers, failed);
    started.thread.start();
    return started;
  }

  /// Asks; returns at once.
  public void ask(CronDesk.Question question) {
    questions.add(question);
  }

  /// Ends the thread, which may be in the midst of looking; does not wait for it.
  @Override
  public void close() {
    thread.end(Duration.ZERO, Duration.ZERO);
  }

  // --- the thread

  private void run() throws InterruptedException {
    while (!thread.isEnding()) {
      answer(questions.take());
    }
  }

  private void answer(CronDesk.Question question) throws InterruptedException {
    while (!thread.isEnding()) {
      try {
        answers.accept(
            question,
            reader()
                .find(
                    control.get(),
                    question.eventId(),
                    question.tick().minus(CLOCKS_MAX),
                    thread::isEnding)
                .isPresent());
        return;
      } catch (KafkaException | FleetException e) {
        // Whoever writes hears of it, too, and says so.
        forgetReader();
        thread.rest(PAUSE_AFTER_PROBLEM);
      }
    }
  }

  private BacklogReader reader() {
    BacklogReader open = backlog;
    if (open == null) {
      open = BacklogReader.of(client, plan, ANSWER_MAX);
      backlog = open;
    }
    return open;
  }

  private void forgetReader() {
    BacklogReader open = backlog;
    backlog = null;
    if (open != null) {
      open.close();
    }
  }
}
