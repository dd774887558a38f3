/// What one scheduler does for the whole fleet, in the background.
@NullMarked
package dev.nightshift.scheduler.internal.upkeep;

import org.jspecify.annotations.NullMarked;
