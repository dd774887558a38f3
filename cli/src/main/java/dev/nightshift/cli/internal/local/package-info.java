/// Everything on this machine: a Kafka and workers as child processes of a command.
@NullMarked
package dev.nightshift.cli.internal.local;

import org.jspecify.annotations.NullMarked;
