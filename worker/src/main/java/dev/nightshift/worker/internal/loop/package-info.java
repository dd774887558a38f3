/// The worker loop and the state that it owns: ledgers, run queue, moves.
@NullMarked
package dev.nightshift.worker.internal.loop;

import org.jspecify.annotations.NullMarked;
