package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The service providers of one handler JAR, by the rules of [java.util.ServiceLoader] for JARs on
/// the class path. That class stops at the first provider that it cannot load and says little about
/// it; this one notes each problem with its remedy and goes on. Used by one thread.
final class Providers {
  private static final Pattern CLASS_FILE_VERSION = Pattern.compile("class file version (\\d+)");

  /// A class file of Java N has the version N plus this.
  private static final int CLASS_FILE_OFFSET = 44;

  private final String jar;
  private final ClassLoader loader;
  private final List<String> problems;

  Providers(String jar, ClassLoader loader, List<String> problems) {
    this.jar = jar;
    this.loader = loader;
    this.problems = problems;
  }

  /// The classes that the JAR names as providers of a service and that are such.
  <T> List<Class<? extends T>> classes(Class<T> service) {
    List<Class<? extends T>> classes = new ArrayList<>();
    for (String name : names(service)) {
      find(name, service).ifPresent(classes::add);
    }
    return classes;
  }

  /// A new instance, unless that fails.
  <T> Optional<T> instance(Class<T> type) {
    try {
      return Optional.of(type.getConstructor().newInstance());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof LinkageError linkage) {
        noteLinkage(type.getName(), linkage);
      } else {
        note(type.getName(), "its constructor threw " + e.getCause(), "it must succeed");
      }
    } catch (ReflectiveOperationException e) {
      note(
          type.getName(),
          "it cannot be instantiated",
          "it must be a public class, not abstract, with a public constructor without parameters");
    } catch (LinkageError e) {
      noteLinkage(type.getName(), e);
    }
    return Optional.empty();
  }

  /// Notes a problem with a class.
  void note(String type, String problem, String remedy) {
    problems.add(jar + ", class " + type + ": " + problem + "; " + remedy);
  }

  private Set<String> names(Class<?> service) {
    Set<String> names = new LinkedHashSet<>();
    try {
      for (URL file : Collections.list(loader.getResources(path(service)))) {
        URLConnection connection = file.openConnection();
        connection.setUseCaches(false); // else the JAR stays open for good
        try (BufferedReader reader =
            new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8))) {
          reader.lines().map(Providers::withoutComment).forEach(names::add);
        }
      }
    } catch (IOException e) {
      problems.add(
          jar + ": its " + path(service) + " cannot be read (" + e + "); build the JAR again");
    }
    names.remove("");
    return names;
  }

  private <T> Optional<Class<? extends T>> find(String name, Class<T> service) {
    try {
      Class<?> found = Class.forName(name, false, loader);
      if (service.isAssignableFrom(found)) {
        return Optional.of(found.asSubclass(service));
      }
      note(
          name,
          "it does not implement " + service.getName(),
          "implement it, or take the class out of " + path(service));
    } catch (ClassNotFoundException e) {
      note(
          name,
          path(service) + " names it, but the JAR does not have it",
          "correct the name, or take it out");
    } catch (LinkageError e) {
      noteLinkage(name, e);
    }
    return Optional.empty();
  }

  private void noteLinkage(String type, LinkageError error) {
    int here = Runtime.version().feature();
    Matcher version = CLASS_FILE_VERSION.matcher(String.valueOf(error.getMessage()));
    int java = version.find() ? Integer.parseInt(version.group(1)) - CLASS_FILE_OFFSET : 0;
    if (error instanceof UnsupportedClassVersionError && java > here) {
      note(
          type,
          "it was compiled for Java " + java + ", this worker runs on Java " + here,
          "compile it with --release " + here + " or less, or run the worker on Java " + java);
    } else if (error instanceof ExceptionInInitializerError && error.getCause() != null) {
      note(type, "its static initializer threw " + error.getCause(), "it must succeed");
    } else {
      note(
          type,
          "it cannot be linked (" + error + ")",
          "a handler JAR must bring all libraries that it uses, except dev.nightshift.handler");
    }
  }

  private static String path(Class<?> service) {
    return "META-INF/services/" + service.getName();
  }

  private static String withoutComment(String line) {
    int comment = line.indexOf('#');
    return (comment < 0 ? line : line.substring(0, comment)).strip();
  }
}
