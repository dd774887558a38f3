/// What a scheduler shows of itself over HTTP.
@NullMarked
package dev.nightshift.scheduler.internal.admin;

import org.jspecify.annotations.NullMarked;
