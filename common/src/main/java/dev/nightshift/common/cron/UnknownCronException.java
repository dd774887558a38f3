package dev.nightshift.common.cron;

/// There is no cron of that name.
public final class UnknownCronException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownCronException(CronName name) {
    super(
        "there is no cron '"
            + name
            + "'; see what there is with: nightshift cron list "
            + name.canvas());
  }
}
