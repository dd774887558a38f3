/// What every side of a comparison runs, and how it counts. Goes into a handler JAR as it is, so it
/// knows nothing but the handlers' API.
@NullMarked
package dev.nightshift.bench.handlers;

import org.jspecify.annotations.NullMarked;
