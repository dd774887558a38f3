/// How many workers and partitions are wanted: what is looked at, the rule, and who is told.
@NullMarked
package dev.nightshift.scheduler.internal.scale;

import org.jspecify.annotations.NullMarked;
