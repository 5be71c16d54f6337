package peloton.command.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.DurationConverter;
import peloton.mesos.local.AgentSettings;
import peloton.mesos.local.LocalMesos;
import peloton.mesos.local.LocalMesosSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peloton local-mesos}. */
@Command(
    name = "local-mesos",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Run the embedded Mesos alone, on 127.0.0.1.",
      "Until Ctrl-C or SIGTERM. Its tasks are processes of this machine, which end with it, or "
          + "with --simulated no processes at all. For laptops, tests and benchmarks; clusters run "
          + "Mesos."
    })
public final class LocalMesosCommand implements Callable<Integer> {
  private static final Pattern PORT_RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "5050",
      description = "Where to listen; 0 for any free port; default ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      defaultValue = ".peloton/mesos",
      description = "Holds the sandboxes; default ${DEFAULT-VALUE}.")
  private Path workDir;

  @Option(
      names = "--agents",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many agents; default ${DEFAULT-VALUE}.")
  private int agents;

  @Option(
      names = "--cpus",
      paramLabel = "N",
      defaultValue = "4",
      description = "CPUs of each agent; default ${DEFAULT-VALUE}.")
  private double cpus;

  @Option(
      names = "--mem",
      paramLabel = "MB",
      defaultValue = "4096",
      description = "Memory of each agent in MB; default ${DEFAULT-VALUE}.")
  private double mem;

  @Option(
      names = "--disk",
      paramLabel = "MB",
      defaultValue = "10240",
      description = "Disk of each agent in MB; default ${DEFAULT-VALUE}.")
  private double disk;

  @Option(
      names = "--gpus",
      paramLabel = "N",
      defaultValue = "0",
      description = "GPUs of each agent; default ${DEFAULT-VALUE}.")
  private double gpus;

  @Option(
      names = "--revocable-cpus",
      paramLabel = "N",
      defaultValue = "0",
      description = "Revocable CPUs of each agent beside the others; default ${DEFAULT-VALUE}.")
  private double revocableCpus;

  @Option(
      names = "--ports",
      paramLabel = "FIRST-LAST",
      defaultValue = "31000-31999",
      description = {
        "Ports that tasks may use; default ${DEFAULT-VALUE}. Real agents share this machine,",
        "so each offers a part of the range; simulated ones offer the whole of it."
      })
  private String ports;

  @Option(
      names = "--attributes",
      paramLabel = "NAME:VALUE",
      split = ";",
      description = {
        "Attributes of every agent, as rack:r1;zone:a. {agent} in a value is the agent's",
        "number, from 0."
      })
  private List<String> attributes = List.of();

  @Option(
      names = "--simulated",
      description = "Tasks without processes; any number of agents and tasks.")
  private boolean simulated;

  @Option(
      names = "--start-delay",
      paramLabel = "DURATION",
      defaultValue = "0s",
      converter = DurationConverter.class,
      description = "Simulated: from a launch to RUNNING; default ${DEFAULT-VALUE}.")
  private Duration startDelay;

  @Option(
      names = "--stop-delay",
      paramLabel = "DURATION",
      defaultValue = "0s",
      converter = DurationConverter.class,
      description = "Simulated: from a kill to KILLED; default ${DEFAULT-VALUE}.")
  private Duration stopDelay;

  @Option(
      names = "--allocation-interval",
      paramLabel = "DURATION",
      defaultValue = "1s",
      converter = DurationConverter.class,
      description = "Between two rounds of offers; default ${DEFAULT-VALUE}, as Mesos.")
  private Duration allocationInterval;

  @Option(
      names = "--heartbeat-interval",
      paramLabel = "DURATION",
      defaultValue = "15s",
      converter = DurationConverter.class,
      description = "Between two heartbeats; default ${DEFAULT-VALUE}, as Mesos.")
  private Duration heartbeatInterval;

  @Option(
      names = "--agent-ping-timeout",
      paramLabel = "DURATION",
      defaultValue = "75s",
      converter = DurationConverter.class,
      description =
          "From an agent's loss until its tasks are unreachable; default ${DEFAULT-VALUE}.")
  private Duration agentPingTimeout;

  @Mixin private LocalMesosAccess access;

  @Mixin private ParentWatch parent;

  private final Console console;

  /** Made for one run of the program. */
  public LocalMesosCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    LocalMesosSettings settings = settings();
    LocalMesos mesos = LocalMesos.start(settings);
    console
        .out()
        .println(
            "Local Mesos: "
                + access.scheme()
                + "://127.0.0.1:"
                + mesos.port()
                + "/api/v1/scheduler, "
                + agents
                + (simulated ? " simulated" : "")
                + " agents, sandboxes in "
                + settings.workDir());
    console.out().flush();
    Foreground foreground = new Foreground("local-mesos", mesos);
    parent.begin(console.in(), foreground::stop);
    return foreground.run();
  }

  private LocalMesosSettings settings() {
    if (agents < 1) {
      throw CommandException.usage("--agents must be 1 or more, found " + agents);
    }
    if (!simulated && !(startDelay.isZero() && stopDelay.isZero())) {
      throw CommandException.usage("--start-delay and --stop-delay go with --simulated only");
    }
    try {
      Path directory = workDir.toAbsolutePath().normalize();
      LocalMesosSettings base =
          simulated
              ? LocalMesosSettings.simulated(directory, agents)
                  .withTasks(new LocalMesosSettings.Tasks.Simulated(startDelay, stopDelay))
              : LocalMesosSettings.real(directory, agents)
                  .withTasks(new LocalMesosSettings.Tasks.Real(access.images()));
      return base.withAgents(agents())
          .withPort(port)
          .withAllocationInterval(allocationInterval)
          .withHeartbeatInterval(heartbeatInterval)
          .withAgentPingTimeout(agentPingTimeout)
          .withVersion(access.version)
          .withAccess(access.access());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }

  private List<AgentSettings> agents() {
    Matcher range = PORT_RANGE.matcher(ports);
    if (!range.matches()) {
      throw CommandException.usage(
          "--ports must be FIRST-LAST, e.g. 31000-31999, found \"" + ports + "\"");
    }
    int first = Integer.parseInt(range.group(1));
    int last = Integer.parseInt(range.group(2));
    int share = simulated ? last - first + 1 : (last - first + 1) / agents;
    if (share < 1) {
      throw CommandException.usage(
          "--ports " + ports + " holds fewer ports than there are agents (" + agents + ")");
    }
    AgentSettings model =
        AgentSettings.named("agent")
            .withCpus(cpus)
            .withMemMb(mem)
            .withDiskMb(disk)
            .withGpus(gpus)
            .withRevocableCpus(revocableCpus);
    List<AgentSettings> all = new ArrayList<>();
    for (AgentSettings agent : model.times(agents)) {
      int start = simulated ? first : first + all.size() * share;
      all.add(agent.withPorts(start, start + share - 1).withAttributes(attributesOf(all.size())));
    }
    return all;
  }

  private Map<String, String> attributesOf(int agent) {
    Map<String, String> result = new TreeMap<>();
    for (String attribute : attributes) {
      int colon = attribute.indexOf(':');
      if (colon < 1) {
        throw CommandException.usage(
            "--attributes must be NAME:VALUE, e.g. rack:r1;zone:a, found \"" + attribute + "\"");
      }
      result.put(
          attribute.substring(0, colon),
          attribute.substring(colon + 1).replace("{agent}", Integer.toString(agent)));
    }
    return result;
  }
}
