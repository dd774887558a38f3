/// What all commands share: which fleet they are about, what they say when they fail, how they end.
@NullMarked
package dev.nightshift.worker.command;

import org.jspecify.annotations.NullMarked;
