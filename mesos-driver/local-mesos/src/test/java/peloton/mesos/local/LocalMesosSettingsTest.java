package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LocalMesosSettingsTest {

  private static final Path DIR = Path.of("unused");

  @Test
  void realAgentsShareThePortsOfTheMachine() {
    assertThat(LocalMesosSettings.real(DIR, 3).agents())
        .extracting(agent -> agent.hostname() + " " + agent.firstPort() + "-" + agent.lastPort())
        .containsExactly(
            "agent-0.local 31000-31565", "agent-1.local 31566-32131", "agent-2.local 32132-32697");
    assertThat(LocalMesosSettings.real(DIR, 2000).agents())
        .allMatch(agent -> agent.lastPort() == 0 && agent.resources().ranges("ports").isEmpty());
  }

  @Test
  void whatMakesNoSenseIsRefusedByName() {
    assertThatThrownBy(() -> LocalMesosSettings.simulated(DIR, 0)).hasMessageContaining("agents");
    assertThatThrownBy(() -> LocalMesosSettings.simulated(DIR, 1).withPort(70000))
        .hasMessageContaining("port: 70000");
    assertThatThrownBy(() -> AgentSettings.named("a").withPorts(5, 4))
        .hasMessageContaining("ports: 5-4");
    assertThatThrownBy(() -> AgentSettings.named(" ")).hasMessageContaining("hostname");
  }
}
