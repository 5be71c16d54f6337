package peloton.command.job;

import picocli.CommandLine.Command;

/** The group {@code peloton job}. */
@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    aliases = {"jobs"},
    description = "Create, change, show, follow and stop stateless jobs.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      JobCreateCommand.class,
      JobGetCommand.class,
      JobStatusCommand.class,
      JobWhyCommand.class,
      JobListCommand.class,
      JobQueryCommand.class,
      JobStartCommand.class,
      JobStopCommand.class,
      JobRestartCommand.class,
      JobReplaceCommand.class,
      JobPatchCommand.class,
      JobDiffCommand.class,
      JobPlanCommand.class,
      JobRollbackCommand.class,
      JobPauseCommand.class,
      JobResumeCommand.class,
      JobAbortCommand.class,
      JobUpdatesCommand.class,
      WorkflowCommand.class,
      JobRefreshCommand.class,
      JobCacheCommand.class,
      JobDeleteCommand.class,
      StatelessCommand.class
    })
public final class JobCommand {}
