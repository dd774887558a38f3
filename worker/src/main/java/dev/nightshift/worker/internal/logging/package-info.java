/// What the process's log lines need. Named in `logback.xml` only.
@NullMarked
package dev.nightshift.worker.internal.logging;

import org.jspecify.annotations.NullMarked;
