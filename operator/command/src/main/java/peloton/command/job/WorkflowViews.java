package peloton.command.job;

import static peloton.command.output.Text.state;
import static peloton.command.output.Text.time;

import java.util.List;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowEvent;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowInfo;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.command.client.InstanceRanges;
import peloton.command.output.Table;

/** Workflows as people read them. */
final class WorkflowViews {
  private WorkflowViews() {}

  /** One row for each workflow. */
  static Table table(List<WorkflowInfo> workflows) {
    Table table =
        new Table(
            List.of(
                "Version",
                "From Version",
                "Type",
                "State",
                "Completed",
                "Failed",
                "Remaining",
                "Added",
                "Updated",
                "Removed",
                "Creation Time",
                "Completion Time",
                "Opaque Data"));
    for (WorkflowInfo workflow : workflows) {
      WorkflowStatus status = workflow.getStatus();
      table.row(
          List.of(
              status.getVersion().getValue(),
              status.getPrevVersion().getValue(),
              state(status.getType(), "WORKFLOW_TYPE_"),
              state(status.getState(), "WORKFLOW_STATE_"),
              Integer.toUnsignedString(status.getNumInstancesCompleted()),
              Integer.toUnsignedString(status.getNumInstancesFailed()),
              Integer.toUnsignedString(status.getNumInstancesRemaining()),
              InstanceRanges.show(workflow.getInstancesAddedList()),
              InstanceRanges.show(workflow.getInstancesUpdatedList()),
              InstanceRanges.show(workflow.getInstancesRemovedList()),
              time(status.getCreationTime()),
              time(status.getCompletionTime()),
              workflow.getOpaqueData().getData()));
    }
    return table;
  }

  /** One row for each event. */
  static Table events(List<WorkflowEvent> events) {
    Table table = new Table(List.of("Workflow State", "Workflow Type", "Timestamp"));
    events.forEach(
        event ->
            table.row(
                List.of(
                    state(event.getState(), "WORKFLOW_STATE_"),
                    state(event.getType(), "WORKFLOW_TYPE_"),
                    event.getTimestamp())));
    return table;
  }
}
