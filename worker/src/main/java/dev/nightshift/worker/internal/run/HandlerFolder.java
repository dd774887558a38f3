package dev.nightshift.worker.internal.run;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/// Loads a folder of handler JARs, collecting all problems. Used once, by one thread.
final class HandlerFolder {
  private final Path folder;
  private final ClassLoader api = new ApiOnlyLoader();
  private final List<String> problems = new ArrayList<>();
  private final List<LoadedHandler> handlers = new ArrayList<>();
  private final List<String> jarsWithoutHandlers = new ArrayList<>();
  private final List<URLClassLoader> loaders = new ArrayList<>();

  HandlerFolder(Path folder) {
    this.folder = folder;
  }

  HandlerCatalog load() {
    for (Path jar : jars()) {
      load(jar);
    }
    noteTwins(handlers, problems);
    HandlerCatalog catalog = new HandlerCatalog(handlers, jarsWithoutHandlers, loaders);
    if (!problems.isEmpty()) {
      catalog.close();
      throw new HandlerProblemsException(folder.toString(), problems);
    }
    return catalog;
  }

  private List<Path> jars() {
    List<Path> jars = new ArrayList<>();
    if (!Files.exists(folder)) {
      problems.add(
          "the folder does not exist; create it and put the handler JARs into it, or name another");
    } else if (!Files.isDirectory(folder)) {
      problems.add("this is not a folder; name the folder that holds the handler JARs");
    } else {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
        found.forEach(jars::add);
      } catch (IOException e) {
        problems.add("the folder cannot be read (" + e + "); give this user the right to read it");
      }
    }
    jars.sort(null);
    return jars;
  }

  private void load(Path path) {
    String name = path.getFileName().toString();
    @Nullable URLClassLoader loader = open(path);
    if (loader == null) {
      return;
    }
    loaders.add(loader);
    int problemsBefore = problems.size();
    Thread thread = Thread.currentThread();
    @Nullable ClassLoader outer = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      List<LoadedHandler> found = new HandlerJar(name, loader, problems).handlers();
      handlers.addAll(found);
      if (found.isEmpty() && problems.size() == problemsBefore) {
        jarsWithoutHandlers.add(name);
      }
    } finally {
      thread.setContextClassLoader(outer);
    }
  }

  private @Nullable URLClassLoader open(Path path) {
    try (JarFile opened = new JarFile(path.toFile())) {
      URL[] urls = {path.toUri().toURL()};
      return new URLClassLoader(opened.getName(), urls, api);
    } catch (IOException e) {
      problems.add(
          path.getFileName()
              + ": it cannot be read as a JAR ("
              + e.getMessage()
              + "); build it again or take it out");
      return null;
    }
  }

  static void noteTwins(List<LoadedHandler> handlers, List<String> problems) {
    Map<String, LoadedHandler> first = new HashMap<>();
    for (LoadedHandler handler : handlers) {
      @Nullable LoadedHandler other = first.putIfAbsent(handler.name(), handler);
      if (other != null) {
        problems.add(
            "queue "
                + handler.name()
                + " has two handlers, "
                + other.place()
                + " and "
                + handler.place()
                + "; keep one of them");
      }
    }
  }
}
