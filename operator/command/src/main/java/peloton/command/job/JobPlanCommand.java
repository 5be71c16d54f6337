package peloton.command.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.api.ids.JobId;
import peloton.api.operator.v1.GetPlanRequest;
import peloton.api.operator.v1.GetPlanResponse;
import peloton.api.operator.v1.HostPlan;
import peloton.api.operator.v1.WaitingPods;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffResponse;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.InstanceRanges;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import peloton.command.client.VersionedCall;
import peloton.command.client.WaitingViews;
import peloton.command.output.Table;
import peloton.command.spec.JobSpecFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton job plan}. */
@Command(
    name = "plan",
    description = {
      "Say what applying a spec would do, and change nothing: which instances would be added,",
      "updated and removed, whether they would fit now, and where.",
      "It supposes that updated pods are gone before their successors come, and asks no resource",
      "pool. Only the leading server sees the hosts; another one names it."
    })
public final class JobPlanCommand extends ClientCommand {
  private static final int HOSTS_SHOWN = 20;

  @Parameters(index = "0", paramLabel = "SPEC", description = "A YAML file; - for standard input.")
  private String file;

  @Option(
      names = "--job",
      paramLabel = "JOB",
      description =
          "The job that the spec would replace, by id or name; default: the one that has the"
              + " spec's name, or a new one if none has.")
  private String job;

  @Option(
      names = {"-r", "--respool"},
      paramLabel = "PATH",
      description = "The resource pool; default: what the spec says.")
  private String respool;

  /** Made for one run of the program. */
  public JobPlanCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    JobSpecFile specFile = SpecOptions.single(session, file);
    JobLookup lookup = new JobLookup(session.client());
    Optional<String> id =
        job == null ? lookup.named(specFile.spec().getName()) : Optional.of(lookup.id(job));
    Optional<String> pool = Optional.ofNullable(respool);
    JobSpec spec =
        id.isPresent()
            ? SpecOptions.withPoolOfJob(session, specFile, pool, id.get())
            : SpecOptions.withPool(session, specFile, pool, Optional.empty());
    GetReplaceJobDiffResponse diff =
        id.map(existing -> diff(session, lookup, existing, spec)).orElseGet(() -> allNew(spec));
    GetPlanRequest.Builder request =
        GetPlanRequest.newBuilder()
            .setSpec(spec)
            .addAllArriving(diff.getInstancesAddedList())
            .addAllArriving(diff.getInstancesUpdatedList())
            .addAllLeaving(diff.getInstancesUpdatedList())
            .addAllLeaving(diff.getInstancesRemovedList());
    id.ifPresent(existing -> request.setJobId(JobId.toProto(existing)));
    boolean placesAny = request.getArrivingCount() > 0;
    // Asked in any case: a spec that is not allowed is refused here.
    GetPlanResponse answer = session.client().placement().getPlan(request.build());
    GetPlanResponse plan = placesAny ? answer : GetPlanResponse.getDefaultInstance();
    session.printer().result(plan, () -> text(id, diff, plan));
  }

  private static GetReplaceJobDiffResponse diff(
      Session session, JobLookup lookup, String id, JobSpec spec) {
    return VersionedCall.run(
        lookup,
        id,
        Optional.empty(),
        current ->
            session
                .client()
                .jobs()
                .getReplaceJobDiff(
                    GetReplaceJobDiffRequest.newBuilder()
                        .setJobId(JobId.toProto(id))
                        .setVersion(current.toProto())
                        .setSpec(spec)
                        .build()));
  }

  private static GetReplaceJobDiffResponse allNew(JobSpec spec) {
    GetReplaceJobDiffResponse.Builder diff = GetReplaceJobDiffResponse.newBuilder();
    if (spec.getInstanceCount() != 0) {
      diff.addInstancesAdded(InstanceIDRange.newBuilder().setTo(spec.getInstanceCount()));
    }
    return diff.build();
  }

  private static String text(
      Optional<String> id, GetReplaceJobDiffResponse diff, GetPlanResponse plan) {
    List<String> lines = new ArrayList<>();
    lines.add(id.map(existing -> "Would replace job " + existing).orElse("Would create a job"));
    lines.add(JobDiffer.text(diff));
    lines.add("");
    if (plan.getHostsCount() > 0) {
      long placed =
          plan.getHostsList().stream()
              .mapToLong(host -> InstanceRanges.count(host.getInstancesList()))
              .sum();
      lines.add(
          "Would fit now: "
              + placed
              + ", on "
              + plan.getHostsCount()
              + " of "
              + plan.getKnownHosts()
              + " hosts");
      lines.addAll(hosts(plan.getHostsList()));
    } else if (plan.getNotPlacedCount() == 0) {
      lines.add("No pod would be started");
    }
    for (WaitingPods pods : plan.getNotPlacedList()) {
      lines.add("");
      lines.add(
          "Would not fit now: "
              + InstanceRanges.count(pods.getInstancesList())
              + " (instances "
              + InstanceRanges.show(pods.getInstancesList())
              + ")");
      lines.addAll(WaitingViews.lines(pods));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static List<String> hosts(List<HostPlan> hosts) {
    Table table = new Table(List.of("Host", "Pods", "Instances"));
    hosts.stream()
        .limit(HOSTS_SHOWN)
        .forEach(
            host ->
                table.row(
                    List.of(
                        host.getHostname(),
                        Long.toString(InstanceRanges.count(host.getInstancesList())),
                        InstanceRanges.show(host.getInstancesList()))));
    List<String> lines = new ArrayList<>(table.lines());
    if (hosts.size() > HOSTS_SHOWN) {
      lines.add("and " + (hosts.size() - HOSTS_SHOWN) + " more hosts; -o yaml names them");
    }
    return lines;
  }
}
