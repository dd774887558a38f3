/// What authors of handlers compile against. It depends on nothing but the JDK, so a handler JAR
/// may bring any version of any library.
@NullMarked
package dev.nightshift.handler;

import org.jspecify.annotations.NullMarked;
