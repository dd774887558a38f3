/// JSON for handlers, with Jackson. A handler JAR brings it along with the Jackson it wants.
@NullMarked
package dev.nightshift.handler.json;

import org.jspecify.annotations.NullMarked;
