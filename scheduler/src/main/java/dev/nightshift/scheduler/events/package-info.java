/// What a scheduler reports.
@NullMarked
package dev.nightshift.scheduler.events;

import org.jspecify.annotations.NullMarked;
