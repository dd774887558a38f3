/// One process of the fleet that runs handlers: its API to embed it, its settings and what it
/// reports.
@NullMarked
package dev.nightshift.worker;

import org.jspecify.annotations.NullMarked;
