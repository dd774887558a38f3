package dev.nightshift.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class MachineNameTest {
  @Test
  void a_container_says_its_own() {
    assertEquals("pod-7", MachineName.of("pod-7\n"));
  }

  @Test
  void otherwise_the_system_is_asked() throws Exception {
    String wanted = InetAddress.getLocalHost().getHostName();
    assertEquals(wanted, MachineName.of(null));
    assertEquals(wanted, MachineName.of(" "));
    assertFalse(wanted.isEmpty());
  }
}
