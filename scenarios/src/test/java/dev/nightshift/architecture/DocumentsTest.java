package dev.nightshift.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What documents say must be there: the code they quote, the files they link to.
class DocumentsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

  @Test
  void everyQuotedPieceOfJavaStandsInAnExample() throws IOException {
    List<String> examples = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        examples.add(oneLine(Files.readString(file)));
      }
    }
    int quoted = 0;
    for (Path document : documents()) {
      Matcher piece = JAVA.matcher(Files.readString(document));
      while (piece.find()) {
        for (String part : piece.group(1).split("// …")) {
          String code = oneLine(part);
          assertTrue(
              examples.stream().anyMatch(example -> example.contains(code)),
              document + " quotes what is in no example:\n" + part);
          quoted++;
        }
      }
    }
    assertFalse(quoted == 0, "there are no documents, or they quote nothing");
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        if (!Files.exists(document.resolveSibling(link.group(1)))) {
          broken.add(document + ": " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("docs/decisions"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(each -> each.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    return documents;
  }

  private static String oneLine(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
