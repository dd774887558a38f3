/// Crons: what is due of those of one partition, and whether the event of the tick before has
/// ended.
@NullMarked
package dev.nightshift.scheduler.internal.crons;

import org.jspecify.annotations.NullMarked;
