package dev.nightshift.worker.internal.run;

import dev.nightshift.handler.Handler;

/// The parent of each handler JAR's class loader. It shows the JDK and the package
/// `dev.nightshift.handler`, and nothing else of the worker: neither its classes nor its resources.
/// A JAR may thus bring any version of any library, also of those that the worker uses.
final class ApiOnlyLoader extends ClassLoader {
  private static final String API = Handler.class.getPackageName() + ".";

  static {
    registerAsParallelCapable();
  }

  ApiOnlyLoader() {
    super("nightshift-handler-api", ClassLoader.getPlatformClassLoader());
  }

  /// Called for what the JDK does not have. Packages below the API's, such as that of a codec,
  /// belong to the JAR that brings them.
  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.startsWith(API) && name.indexOf('.', API.length()) < 0) {
      return Handler.class.getClassLoader().loadClass(name);
    }
    throw new ClassNotFoundException(name);
  }
}
