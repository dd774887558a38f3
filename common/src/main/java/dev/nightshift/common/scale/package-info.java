/// How many workers are wanted: what schedulers decide and who wants to know reads.
@NullMarked
package dev.nightshift.common.scale;

import org.jspecify.annotations.NullMarked;
