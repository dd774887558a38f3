package dev.nightshift.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.kafka.common.utils.AppInfoParser;

/// Where and with what it was measured.
///
/// @param processor its name, with how many processors there are
/// @param memory in GiB
/// @param system the operating system
/// @param java the JVM
/// @param kafka the version of clients and broker
/// @param loadBefore how many threads wanted to run before anything was measured
public record Machine(
    String processor, long memory, String system, String java, String kafka, double loadBefore) {

  /// This one, now.
  public static Machine here() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Machine(
        system.getAvailableProcessors() + " × " + processorName(system.getArch()),
        Math.round(system.getTotalMemorySize() / (double) (1L << 30)),
        system.getName() + " " + system.getVersion(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        AppInfoParser.getVersion(),
        system.getSystemLoadAverage());
  }

  private static String processorName(String otherwise) {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise; // No Linux.
    }
  }

  /// In one paragraph.
  String text() {
    return String.format(
        Locale.ROOT,
        "Machine: %s, %d GiB, %s, %s, Kafka %s (clients and broker), load before %.1f.",
        processor,
        memory,
        system,
        java,
        kafka,
        loadBefore);
  }
}
