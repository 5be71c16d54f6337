package peloton.command.job;

import picocli.CommandLine.Command;

/** The group {@code peloton job workflow}. */
@Command(
    name = "workflow",
    mixinStandardHelpOptions = true,
    description = "Pause, resume, abort and show what changes a job's pods.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      JobPauseCommand.class,
      JobResumeCommand.class,
      JobAbortCommand.class,
      WorkflowEventsCommand.class
    })
public final class WorkflowCommand {}
