package peloton.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import peloton.records.InstanceRange;
import peloton.records.JobWaitingRecord;
import peloton.records.WaitingGroupRecord;
import peloton.store.Timers;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;

/**
 * Lets every replica say why pods wait. Now and then the leader writes one record for each job of
 * which pods have waited for a while; a launch that goes well costs nothing. A record is written
 * again when it says something else, but not more often than readers can follow.
 */
final class WaitingReasons {
  /** How often is looked. */
  static final Duration EVERY = Duration.ofSeconds(2);

  /** Who has waited for less than this needs no reason. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** At most so often is a job's record written again, unless other pods wait than it says. */
  static final Duration WRITTEN_AGAIN = Duration.ofSeconds(10);

  /** Reasons looked for in one go: each may look at every host. */
  private static final int NEW_REASONS = 20;

  private final Desk desk;
  private final Timers timers;
  private final Consumer<Runnable> later;
  private final List<WaitingSource> sources;
  private final Set<String> told = new HashSet<>();
  private final Map<Cause, Known> reasons = new HashMap<>();

  private record Cause(WaitingSource source, Object what) {}

  private record Known(WaitingGroupRecord reason, long at) {}

  /** The pods of one job that wait for one reason. */
  private static final class Group {
    private final BitSet instances = new BitSet();
    private long since = Long.MAX_VALUE;
  }

  WaitingReasons(Desk desk, Timers timers, Consumer<Runnable> later, List<WaitingSource> sources) {
    this.desk = desk;
    this.timers = timers;
    this.later = later;
    this.sources = List.copyOf(sources);
  }

  /** Begins to look; takes over what an earlier leader wrote. */
  void start() {
    for (JobEntry job : desk.records().jobs()) {
      if (job.waiting().getGroupsCount() > 0) {
        told.add(job.id());
      }
    }
    timers.schedule(EVERY, () -> later.accept(this::round));
  }

  private void round() {
    long now = desk.now();
    Map<String, Map<Cause, Group>> waiting = new LinkedHashMap<>();
    for (WaitingSource source : sources) {
      source.forEachWaiting(
          (pod, since, what) -> {
            if (now - since >= PATIENCE.toNanos()) {
              Group group =
                  waiting
                      .computeIfAbsent(pod.job(), id -> new LinkedHashMap<>())
                      .computeIfAbsent(new Cause(source, what), cause -> new Group());
              group.instances.set(pod.instance());
              group.since = Math.min(group.since, since);
            }
          });
    }
    refresh(waiting, now);
    Desk.Change change = desk.change();
    boolean any = false;
    for (String job : List.copyOf(told)) {
      if (!waiting.containsKey(job)) {
        told.remove(job);
        if (desk.records().job(job) != null) {
          change.delete(new RecordKey.JobWaiting(job));
          any = true;
        }
      }
    }
    for (Map.Entry<String, Map<Cause, Group>> each : waiting.entrySet()) {
      JobEntry job = desk.records().job(each.getKey());
      if (job != null && job.goal() != null) {
        JobWaitingRecord record = record(each.getValue(), now);
        if (isNews(job.waiting(), record, now)) {
          change.put(new RecordKey.JobWaiting(job.id()), record);
          told.add(job.id());
          any = true;
        }
      }
    }
    if (any) {
      change.commit();
    }
    timers.schedule(EVERY, () -> later.accept(this::round));
  }

  /** Looks for reasons: new ones first, then the oldest that are known. */
  private void refresh(Map<String, Map<Cause, Group>> waiting, long now) {
    Set<Cause> causes = new HashSet<>();
    List<Cause> toAsk = new ArrayList<>();
    waiting
        .values()
        .forEach(
            groups ->
                groups
                    .keySet()
                    .forEach(
                        cause -> {
                          if (causes.add(cause)) {
                            toAsk.add(cause);
                          }
                        }));
    reasons.keySet().retainAll(causes);
    toAsk.sort(
        (a, b) ->
            Long.compare(
                reasons.containsKey(a) ? reasons.get(a).at() : 0,
                reasons.containsKey(b) ? reasons.get(b).at() : 0));
    toAsk.stream()
        .limit(NEW_REASONS)
        .forEach(cause -> reasons.put(cause, new Known(cause.source().why(cause.what()), now)));
  }

  private JobWaitingRecord record(Map<Cause, Group> groups, long now) {
    JobWaitingRecord.Builder record = JobWaitingRecord.newBuilder().setUpdatedAt(now);
    groups.forEach(
        (cause, group) -> {
          Known known = reasons.get(cause);
          if (known != null) {
            record.addGroups(
                known.reason().toBuilder()
                    .addAllInstances(ranges(group.instances))
                    .setSince(group.since));
          }
        });
    return record.build();
  }

  private static List<InstanceRange> ranges(BitSet instances) {
    List<InstanceRange> ranges = new ArrayList<>();
    for (int from = instances.nextSetBit(0); from >= 0; ) {
      int to = instances.nextClearBit(from);
      ranges.add(InstanceRange.newBuilder().setFrom(from).setTo(to).build());
      from = instances.nextSetBit(to);
    }
    return ranges;
  }

  private static boolean isNews(JobWaitingRecord old, JobWaitingRecord now, long time) {
    if (now.getGroupsCount() == 0 || old.getGroupsList().equals(now.getGroupsList())) {
      return false;
    }
    return time - old.getUpdatedAt() >= WRITTEN_AGAIN.toNanos() || !samePods(old, now);
  }

  private static boolean samePods(JobWaitingRecord old, JobWaitingRecord now) {
    return pods(old).equals(pods(now));
  }

  private static BitSet pods(JobWaitingRecord record) {
    BitSet pods = new BitSet();
    record
        .getGroupsList()
        .forEach(
            group ->
                group
                    .getInstancesList()
                    .forEach(range -> pods.set(range.getFrom(), range.getTo())));
    return pods;
  }
}
