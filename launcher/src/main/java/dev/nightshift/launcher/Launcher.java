package dev.nightshift.launcher;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.jar.JarFile;

/**
 * What an executable JAR starts with: on a JVM that is too old it says which one is needed, instead
 * of a stack trace. Compiled for Java 8, so that such a JVM gets as far as here.
 *
 * <p>The class to run, and the version of Java that it needs, stand in the JAR's manifest as
 * `Launched-Class` and `Launched-On`.
 */
public final class Launcher {
  private static final int CANNOT_RUN = 1;

  private Launcher() {}

  /** Runs the class that the JAR names, or ends with exit code 1. */
  public static void main(String[] args) throws Throwable {
    String jar = System.getProperty("java.class.path");
    String launched;
    int needed;
    try (JarFile file = new JarFile(jar)) {
      launched = file.getManifest().getMainAttributes().getValue("Launched-Class");
      needed = Integer.parseInt(file.getManifest().getMainAttributes().getValue("Launched-On"));
    } catch (IOException e) {
      throw new IllegalStateException("to be started with: java -jar JAR; not from " + jar, e);
    }
    String version = System.getProperty("java.specification.version");
    int has = Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
    if (has < needed) {
      System.err.println(
          "nightshift: this JVM is Java "
              + version
              + " ("
              + System.getProperty("java.home")
              + "); Java "
              + needed
              + " or newer is needed. Install one, Eclipse Temurin for example, and name its java in"
              + " full: /path/to/jdk-"
              + needed
              + "/bin/java -jar "
              + jar);
      System.exit(CANNOT_RUN);
    }
    try {
      Class.forName(launched).getMethod("main", String[].class).invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
