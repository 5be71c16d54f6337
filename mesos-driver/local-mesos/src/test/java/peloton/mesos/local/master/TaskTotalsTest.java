package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.TaskState;
import org.junit.jupiter.api.Test;

class TaskTotalsTest {

  private final Fixture mesos = new Fixture();
  private final String agent = mesos.addAgent();

  @Test
  void aTaskIsCountedInTheStateThatItIsIn() {
    running();
    assertThat(mesos.master.metrics())
        .containsEntry("master/tasks_running", 1L)
        .containsEntry("master/tasks_killed", 0L)
        .containsEntry("master/slaves_active", 1L)
        .containsEntry("master/frameworks_active", 1L);
    mesos.kill("t");
    mesos.acknowledged(TaskState.TASK_KILLED);
    assertThat(mesos.master.metrics())
        .containsEntry("master/tasks_running", 0L)
        .containsEntry("master/tasks_killed", 1L);
  }

  @Test
  void aTaskOfALostAgentIsUnreachableUntilTheAgentReturns() {
    running();
    mesos.master.loseAgent(agent);
    mesos.loop.advance(Fixture.PING_TIMEOUT);
    assertThat(mesos.master.metrics())
        .containsEntry("master/tasks_unreachable", 1L)
        .containsEntry("master/tasks_running", 0L);
    mesos.master.returnAgent(agent);
    assertThat(mesos.master.metrics())
        .containsEntry("master/tasks_unreachable", 0L)
        .containsEntry("master/tasks_running", 1L);
  }

  private void running() {
    var scheduler = mesos.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
  }
}
