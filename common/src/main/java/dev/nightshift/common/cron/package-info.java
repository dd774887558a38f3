/// Crons: when they tick, which there are, setting and pausing them.
@NullMarked
package dev.nightshift.common.cron;

import org.jspecify.annotations.NullMarked;
