/// What was measured, and how it is shown.
@NullMarked
package dev.nightshift.bench.report;

import org.jspecify.annotations.NullMarked;
