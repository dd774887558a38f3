package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.handler.Codec;
import dev.nightshift.handler.Handler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Builds a real JAR from sources, compiled against `dev.nightshift.handler` alone.
final class TestJar {
  private final String name;
  private final List<JavaFileObject> sources = new ArrayList<>();
  private final Map<String, List<String>> services = new TreeMap<>();
  private final Map<String, Integer> classFileVersions = new TreeMap<>();
  private final List<String> left = new ArrayList<>();

  private TestJar(String name) {
    this.name = name;
  }

  static TestJar named(String name) {
    return new TestJar(name);
  }

  /// Adds a class.
  TestJar source(String type, String code) {
    URI uri = URI.create("string:///" + type.replace('.', '/') + ".java");
    sources.add(
        new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
          }
        });
    return this;
  }

  /// Adds a handler class of the package `shop` with this body and names it as a provider.
  TestJar handler(String simpleName, String annotations, String body) {
    return source(
            "shop." + simpleName,
            """
            package shop;
            import dev.nightshift.handler.*;
            %s
            public class %s implements Handler {
              %s
            }
            """
                .formatted(annotations, simpleName, body))
        .handlerNamed("shop." + simpleName);
  }

  /// A handler that returns null.
  TestJar idleHandler(String simpleName, String annotations) {
    return handler(
        simpleName,
        annotations,
        "public Object handle(Event event, Context context) { return null; }");
  }

  TestJar handlerNamed(String type) {
    return serviceLine(Handler.class, type);
  }

  TestJar codecNamed(String type) {
    return serviceLine(Codec.class, type);
  }

  TestJar serviceLine(Class<?> service, String line) {
    services.computeIfAbsent(service.getName(), any -> new ArrayList<>()).add(line);
    return this;
  }

  /// Makes a class look as if it was compiled for another Java.
  TestJar compiledFor(int java, String type) {
    classFileVersions.put(type, java + 44);
    return this;
  }

  /// Compiles a class, but leaves it out of the JAR.
  TestJar without(String type) {
    left.add(type);
    return this;
  }

  /// Compiles and writes the JAR. The class files stay in the folder beside it, and go with it.
  Path into(Path folder) throws IOException {
    Path classes = Files.createTempDirectory(folder, "classes");
    compile(classes);
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String path = classes.relativize(file).toString();
        String type = path.replace(".class", "").replace('/', '.');
        if (!left.contains(type)) {
          byte[] bytes = Files.readAllBytes(file);
          if (classFileVersions.containsKey(type)) {
            bytes[7] = classFileVersions.get(type).byteValue();
          }
          write(zip, path, bytes);
        }
      }
      for (Map.Entry<String, List<String>> service : services.entrySet()) {
        String lines = String.join("\n", service.getValue()) + "\n";
        write(zip, "META-INF/services/" + service.getKey(), lines.getBytes(UTF_8));
      }
    }
    return jar;
  }

  private void compile(Path classes) throws IOException {
    if (sources.isEmpty()) {
      return;
    }
    Path api =
        Path.of(
            URI.create(
                Handler.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of("-d", classes.toString(), "-cp", api.toString(), "-proc:none", "-nowarn");
    CompilationTask task = compiler.getTask(null, null, null, options, null, sources);
    if (!task.call()) {
      throw new IllegalArgumentException(
          name + " does not compile; the compiler's report is above");
    }
  }

  private static void write(JarOutputStream zip, String path, byte[] bytes) throws IOException {
    zip.putNextEntry(new JarEntry(path));
    zip.write(bytes);
    zip.closeEntry();
  }
}
