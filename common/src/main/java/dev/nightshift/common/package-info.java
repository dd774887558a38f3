/// What every part of Nightshift shares: names, the topic plan, the event record's headers, the
/// control log and the records that Nightshift itself writes.
@NullMarked
package dev.nightshift.common;

import org.jspecify.annotations.NullMarked;
