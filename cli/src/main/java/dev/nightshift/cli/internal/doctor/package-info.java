/// What `nightshift doctor` looks at, and what it says of it.
@NullMarked
package dev.nightshift.cli.internal.doctor;

import org.jspecify.annotations.NullMarked;
