/// The command line.
@NullMarked
package dev.nightshift.cli;

import org.jspecify.annotations.NullMarked;
