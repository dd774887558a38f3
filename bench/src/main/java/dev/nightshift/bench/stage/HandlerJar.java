package dev.nightshift.bench.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.bench.handlers.ParentHandler;
import dev.nightshift.bench.handlers.Payload;
import dev.nightshift.bench.handlers.Tally;
import dev.nightshift.bench.handlers.Work;
import dev.nightshift.bench.handlers.WorkHandler;
import dev.nightshift.handler.Handles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// The handlers as a JAR for workers.
public final class HandlerJar {
  private static final List<String> CLASSES =
      List.of(
          Payload.class.getName(),
          Tally.class.getName(),
          Tally.class.getName() + "$Moment",
          Tally.class.getName() + "$Content",
          Work.class.getName(),
          WorkHandler.class.getName(),
          ParentHandler.class.getName());

  /// Made when the JAR is: a subclass of [WorkHandler] for many canvases.
  private static final String MANY = WorkHandler.class.getPackageName() + ".ManyCanvases";

  private HandlerJar() {}

  /// Writes it into a folder, which is made.
  ///
  /// @param handlers those that are named as such
  /// @param canvases further canvases whose queue `work` is served
  public static void write(Path folder, List<Class<?>> handlers, List<String> canvases) {
    List<String> named = new ArrayList<>(handlers.stream().map(Class::getName).toList());
    try {
      Files.createDirectories(folder);
      try (OutputStream file = Files.newOutputStream(folder.resolve("bench-handlers.jar"));
          JarOutputStream jar = new JarOutputStream(file)) {
        for (String type : CLASSES) {
          jar.putNextEntry(new JarEntry(fileOf(type)));
          jar.write(bytesOf(type));
        }
        if (!canvases.isEmpty()) {
          jar.putNextEntry(new JarEntry(fileOf(MANY)));
          jar.write(manyCanvases(canvases));
          named.add(MANY);
        }
        jar.putNextEntry(new JarEntry("META-INF/services/dev.nightshift.handler.Handler"));
        jar.write(String.join("\n", named).getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String fileOf(String type) {
    return type.replace('.', '/') + ".class";
  }

  private static byte[] bytesOf(String type) throws IOException {
    try (InputStream in = HandlerJar.class.getClassLoader().getResourceAsStream(fileOf(type))) {
      return Objects.requireNonNull(in, type).readAllBytes();
    }
  }

  private static byte[] manyCanvases(List<String> canvases) {
    ClassDesc parent = ClassDesc.of(WorkHandler.class.getName());
    List<AnnotationValue> each =
        canvases.stream()
            .<AnnotationValue>map(canvas -> AnnotationValue.ofAnnotation(handles(canvas)))
            .toList();
    Annotation list =
        Annotation.of(
            ClassDesc.ofDescriptor(Handles.List.class.descriptorString()),
            AnnotationElement.ofArray("value", each.toArray(AnnotationValue[]::new)));
    return ClassFile.of()
        .build(
            ClassDesc.of(MANY),
            type ->
                type.withSuperclass(parent)
                    .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                    .with(RuntimeVisibleAnnotationsAttribute.of(list))
                    .withMethodBody(
                        ConstantDescs.INIT_NAME,
                        ConstantDescs.MTD_void,
                        ClassFile.ACC_PUBLIC,
                        code ->
                            code.aload(0)
                                .invokespecial(
                                    parent, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_()));
  }

  private static Annotation handles(String canvas) {
    return Annotation.of(
        ClassDesc.ofDescriptor(Handles.class.descriptorString()),
        AnnotationElement.ofString("canvas", canvas),
        AnnotationElement.ofString("queue", Load.WORK));
  }
}
