/// Dead letters: which there are, emitting them again, discarding them.
@NullMarked
package dev.nightshift.common.dead;

import org.jspecify.annotations.NullMarked;
