package dev.nightshift.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the queue whose events a [Handler] runs. May stand more than once on a class.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Handles.List.class)
public @interface Handles {
  /// The canvas: `[a-z0-9][a-z0-9-]{0,62}`.
  String canvas();

  /// The queue: `[A-Za-z0-9_-]{1,100}`.
  String queue();

  /// How long one attempt may run, as `30s`, `5m` or ISO 8601 (`PT30S`); empty for no limit. When
  /// it is over the handler's thread is interrupted and the event ends as `timed_out`.
  String timeLimit() default "";

  /// Holds the repeated annotations.
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface List {
    /// The queues.
    Handles[] value();
  }
}
