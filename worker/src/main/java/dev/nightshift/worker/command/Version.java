package dev.nightshift.worker.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.IVersionProvider;

/// What `--version` says: Nightshift's, Java's and the Kafka clients'.
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "nightshift "
          + own()
          + " (Java "
          + Runtime.version()
          + ", Kafka clients "
          + AppInfoParser.getVersion()
          + ")"
    };
  }

  /// Nightshift's own.
  public static String own() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
