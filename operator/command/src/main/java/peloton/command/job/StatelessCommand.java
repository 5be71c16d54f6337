package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EntityVersionConverter;
import peloton.command.client.PelotonLetters;
import peloton.command.client.Session;
import peloton.command.pod.PodListCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The group {@code peloton job stateless}: the words and their order as in Peloton's command. */
@Command(
    name = "stateless",
    mixinStandardHelpOptions = true,
    description = "The same, with the arguments in the order of Peloton's own command.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      StatelessCommand.Create.class,
      StatelessCommand.Get.class,
      JobListCommand.class,
      StatelessCommand.Query.class,
      StatelessCommand.ListPods.class,
      JobStartCommand.class,
      JobStopCommand.class,
      JobRestartCommand.class,
      StatelessCommand.Replace.class,
      StatelessCommand.ReplaceDiff.class,
      StatelessCommand.Rollback.class,
      JobDeleteCommand.class,
      JobUpdatesCommand.class,
      WorkflowCommand.class,
      JobRefreshCommand.class,
      JobCacheCommand.class
    })
public final class StatelessCommand {
  /** {@code create RESPOOL-PATH SPEC BATCH-SIZE}. */
  @Command(name = "create", description = "Create a job from a YAML spec.")
  public static final class Create extends ClientCommand {
    @Parameters(index = "0", paramLabel = "RESPOOL-PATH", description = "E.g. /team/service.")
    private String respool;

    @Parameters(index = "1", paramLabel = "SPEC", description = "A YAML file; - for stdin.")
    private String file;

    @Parameters(
        index = "2",
        paramLabel = "BATCH-SIZE",
        description = "How many instances at a time; 0: all at once.")
    private int batchSize;

    @Mixin private JobCreator creator;

    /** Made for one run of the program. */
    public Create(Console console) {
      super(console);
    }

    @Override
    protected void run(Session session) {
      creator.run(session, file, Optional.of(respool), Optional.of(batchSize));
    }
  }

  /** {@code replace JOB SPEC BATCH-SIZE RESPOOL-PATH [ENTITY-VERSION]}. */
  @Command(
      name = "replace",
      modelTransformer = PelotonLetters.class,
      description = "Roll a job over to a new spec, by batches.")
  public static final class Replace extends ClientCommand {
    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
    private String job;

    @Parameters(index = "1", paramLabel = "SPEC", description = "A YAML file; - for stdin.")
    private String file;

    @Parameters(
        index = "2",
        paramLabel = "BATCH-SIZE",
        description = "How many instances at a time; 0: all at once.")
    private int batchSize;

    @Parameters(index = "3", paramLabel = "RESPOOL-PATH", description = "The job's pool.")
    private String respool;

    @Parameters(
        index = "4",
        arity = "0..1",
        paramLabel = "ENTITY-VERSION",
        converter = EntityVersionConverter.class,
        description = "Replace the job only if this is its version.")
    private EntityVersion version;

    @Mixin private JobReplacer replacer;

    /** Made for one run of the program. */
    public Replace(Console console) {
      super(console);
    }

    @Override
    protected void run(Session session) {
      replacer.run(
          session,
          job,
          file,
          Optional.of(respool),
          Optional.ofNullable(version),
          Optional.of(batchSize));
    }
  }

  /** {@code get JOB}, as YAML. */
  @Command(name = "get", description = "Show one job whole, as YAML or JSON.")
  public static final class Get extends JobGetCommand {
    /** Made for one run of the program. */
    public Get(Console console) {
      super(console);
    }

    @Override
    void show(Session session, GetJobResponse response) {
      session.printer().document(response);
    }
  }

  /** {@code query}, with the letters of Peloton's own command. */
  @Command(
      name = "query",
      modelTransformer = PelotonLetters.class,
      description = "Find jobs that meet every condition; newest first unless --sort is given.")
  public static final class Query extends JobQueryCommand {
    /** Made for one run of the program. */
    public Query(Console console) {
      super(console);
    }
  }

  /** {@code replace-diff JOB SPEC RESPOOL-PATH ENTITY-VERSION}. */
  @Command(
      name = "replace-diff",
      description = "Say which instances a replace would touch, and change nothing.")
  public static final class ReplaceDiff extends ClientCommand {
    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
    private String job;

    @Parameters(index = "1", paramLabel = "SPEC", description = "A YAML file; - for stdin.")
    private String file;

    @Parameters(index = "2", paramLabel = "RESPOOL-PATH", description = "The job's pool.")
    private String respool;

    @Parameters(
        index = "3",
        arity = "0..1",
        paramLabel = "ENTITY-VERSION",
        converter = EntityVersionConverter.class,
        description = "Compare only if this is the job's version.")
    private EntityVersion version;

    /** Made for one run of the program. */
    public ReplaceDiff(Console console) {
      super(console);
    }

    @Override
    protected void run(Session session) {
      JobDiffer.run(session, job, file, Optional.of(respool), Optional.ofNullable(version));
    }
  }

  /** {@code rollback JOB BATCH-SIZE EARLIER-VERSION}. */
  @Command(
      name = "rollback",
      description = "Roll a job back to the spec of an earlier version, by batches.")
  public static final class Rollback extends ClientCommand {
    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
    private String job;

    @Parameters(
        index = "1",
        paramLabel = "BATCH-SIZE",
        description = "How many instances at a time; 0: all at once.")
    private int batchSize;

    @Parameters(
        index = "2",
        paramLabel = "EARLIER-VERSION",
        converter = EntityVersionConverter.class,
        description = "The version to go back to.")
    private EntityVersion earlier;

    @Mixin private JobRollback rollback;

    /** Made for one run of the program. */
    public Rollback(Console console) {
      super(console);
    }

    @Override
    protected void run(Session session) {
      rollback.run(session, job, earlier, Optional.of(batchSize));
    }
  }

  /** {@code list-pods JOB}. */
  @Command(name = "list-pods", description = "List the pods of a job.")
  public static final class ListPods extends PodListCommand {
    /** Made for one run of the program. */
    public ListPods(Console console) {
      super(console);
    }
  }
}
