/// What is known of one partition's events, and how it is written beside the committed offset.
@NullMarked
package dev.nightshift.common.ledger;

import org.jspecify.annotations.NullMarked;
