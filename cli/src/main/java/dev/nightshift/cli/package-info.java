/// The `nightshift` command.
@NullMarked
package dev.nightshift.cli;

import org.jspecify.annotations.NullMarked;
