package dev.nightshift.worker.internal.run;

/// Where a handler comes from.
///
/// @param name the JAR's file name
/// @param loader the JAR's class loader
/// @param codecs the JAR's codecs
public record HandlerHome(String name, ClassLoader loader, Codecs codecs) {}
