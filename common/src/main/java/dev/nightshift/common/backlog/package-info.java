/// How much waits, by queue.
@NullMarked
package dev.nightshift.common.backlog;

import org.jspecify.annotations.NullMarked;
