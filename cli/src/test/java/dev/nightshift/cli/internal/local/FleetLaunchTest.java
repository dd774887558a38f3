package dev.nightshift.cli.internal.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.worker.WorkerMain;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FleetLaunchTest {
  private static final Path TEMPORARY = Path.of("scratch");
  private static final List<String> OPTIONS = List.of("--handlers=h", "--concurrency=64");

  @Test
  void workers_print_where_the_fleet_does_with_their_names() {
    FleetLaunch launch = launch(Optional.empty(), OptionalInt.empty());
    assertEquals("night-2", launch.worker(2));
    assertEquals(
        new ChildProcess.Launch(
            WorkerMain.class,
            Redirect.INHERIT,
            List.of(
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.io.tmpdir=scratch",
                "-Dnightshift.log.mark=[night-2] ",
                "-Xmx2g"),
            OPTIONS,
            true),
        launch.launch(2));
    assertEquals("above, perhaps in lines with [night-2]", launch.lastLines(2));
  }

  @Test
  void workers_with_logs_of_their_own_add_to_them() {
    FleetLaunch launch = launch(Optional.of(Path.of("logs")), OptionalInt.empty());
    ChildProcess.Launch second = launch.launch(2);
    assertEquals(Redirect.appendTo(Path.of("logs/night-2.log").toFile()), second.printed());
    assertEquals(
        List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=scratch", "-Xmx2g"),
        second.jvm());
    assertEquals("at the end of logs/night-2.log", launch.lastLines(2));
  }

  @Test
  void each_has_an_admin_port_of_its_own() {
    FleetLaunch launch = launch(Optional.empty(), OptionalInt.of(9470));
    assertEquals("--admin-port=9470", launch.launch(1).options().getLast());
    assertEquals("--admin-port=9472", launch.launch(3).options().getLast());
    FleetLaunch any = launch(Optional.empty(), OptionalInt.of(0));
    assertEquals("--admin-port=0", any.launch(3).options().getLast());
  }

  private static FleetLaunch launch(Optional<Path> logs, OptionalInt port) {
    return new FleetLaunch("night", logs, TEMPORARY, port, List.of("-Xmx2g"), OPTIONS);
  }
}
