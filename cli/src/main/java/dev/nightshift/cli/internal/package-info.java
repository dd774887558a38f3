/// The commands.
@NullMarked
package dev.nightshift.cli.internal;

import org.jspecify.annotations.NullMarked;
