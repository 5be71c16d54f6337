package peloton.store.view;

import com.google.protobuf.Parser;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import peloton.records.FrameworkRecord;
import peloton.records.HostGoalRecord;
import peloton.records.HostPoolRecord;
import peloton.records.HostRecord;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.records.JobWaitingRecord;
import peloton.records.LastRunRecord;
import peloton.records.LeaderRecord;
import peloton.records.LockdownRecord;
import peloton.records.NameRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.records.PoolUsageRecord;
import peloton.records.ResourcePoolRecord;
import peloton.records.SchemaRecord;
import peloton.records.SecretRecord;
import peloton.records.VolumeGoalRecord;
import peloton.records.VolumeRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;

/**
 * The place of a record in etcd, below the cluster's prefix. What lies under {@code desired/} is
 * written by the API by compare-and-swap, what lies under {@code actual/} and {@code past-runs/} by
 * the leader alone. Numbers are padded, so that etcd's order is theirs; names that people choose
 * are percent-encoded.
 */
public sealed interface RecordKey {

  /** Digits of a number in a key. */
  int DIGITS = 19;

  /** The key below the prefix. */
  String path();

  /** Reads the record's value. */
  Parser<? extends com.google.protobuf.Message> parser();

  /** Every desired record of a job, as a prefix. */
  static String desiredOf(String job) {
    return "desired/jobs/" + job + "/";
  }

  /**
   * The runs that are over, of all jobs, as a prefix. Sorts behind all other records, so that one
   * range holds those.
   */
  String PAST_RUNS = "past-runs/";

  /** Every run of a job that is over, as a prefix. */
  static String pastRunsOf(String job) {
    return PAST_RUNS + job + "/";
  }

  /** Every actual record of a job but its past runs, as a prefix. */
  static String actualOf(String job) {
    return "actual/jobs/" + job + "/";
  }

  record JobGoal(String job) implements RecordKey {
    @Override
    public String path() {
      return desiredOf(job) + "goal";
    }

    @Override
    public Parser<JobGoalRecord> parser() {
      return JobGoalRecord.parser();
    }
  }

  record JobSpec(String job, long version) implements RecordKey {
    @Override
    public String path() {
      return desiredOf(job) + "spec/" + pad(version);
    }

    @Override
    public Parser<JobSpecRecord> parser() {
      return JobSpecRecord.parser();
    }
  }

  record WorkflowRequest(String job, long number) implements RecordKey {
    @Override
    public String path() {
      return desiredOf(job) + "workflow/" + pad(number);
    }

    @Override
    public Parser<WorkflowRequestRecord> parser() {
      return WorkflowRequestRecord.parser();
    }
  }

  record PodGoal(String job, int instance) implements RecordKey {
    @Override
    public String path() {
      return desiredOf(job) + "pod/" + pad(instance);
    }

    @Override
    public Parser<PodGoalRecord> parser() {
      return PodGoalRecord.parser();
    }
  }

  /** A sealed secret of a job. */
  record Secret(String job, String secret) implements RecordKey {
    @Override
    public String path() {
      return desiredOf(job) + "secret/" + secret;
    }

    @Override
    public Parser<SecretRecord> parser() {
      return SecretRecord.parser();
    }
  }

  record Pool(String id) implements RecordKey {
    @Override
    public String path() {
      return "desired/pools/" + id;
    }

    @Override
    public Parser<ResourcePoolRecord> parser() {
      return ResourcePoolRecord.parser();
    }
  }

  /** Keeps two pools below one parent from having the same name. */
  record PoolName(String parent, String name) implements RecordKey {
    @Override
    public String path() {
      return "desired/pool-names/" + parent + "/" + encode(name);
    }

    @Override
    public Parser<NameRecord> parser() {
      return NameRecord.parser();
    }
  }

  /** That a job of this name was created; outlives the job. */
  record JobName(String name, long createdAt, String job) implements RecordKey {
    @Override
    public String path() {
      return "desired/job-names/" + encode(name) + "/" + pad(createdAt) + "/" + job;
    }

    @Override
    public Parser<NameRecord> parser() {
      return NameRecord.parser();
    }
  }

  record Lockdown() implements RecordKey {
    @Override
    public String path() {
      return "desired/lockdown";
    }

    @Override
    public Parser<LockdownRecord> parser() {
      return LockdownRecord.parser();
    }
  }

  record JobStatus(String job) implements RecordKey {
    @Override
    public String path() {
      return actualOf(job) + "status";
    }

    @Override
    public Parser<JobStatusRecord> parser() {
      return JobStatusRecord.parser();
    }
  }

  /** Why some of the job's pods wait. */
  record JobWaiting(String job) implements RecordKey {
    @Override
    public String path() {
      return actualOf(job) + "waiting";
    }

    @Override
    public Parser<JobWaitingRecord> parser() {
      return JobWaitingRecord.parser();
    }
  }

  record WorkflowStatus(String job, long number) implements RecordKey {
    @Override
    public String path() {
      return actualOf(job) + "workflow/" + pad(number);
    }

    @Override
    public Parser<WorkflowStatusRecord> parser() {
      return WorkflowStatusRecord.parser();
    }
  }

  record Pod(String job, int instance) implements RecordKey {
    @Override
    public String path() {
      return actualOf(job) + "pod/" + pad(instance);
    }

    @Override
    public Parser<PodRecord> parser() {
      return PodRecord.parser();
    }
  }

  /** A run that is over. Read from etcd on demand, not kept in memory. */
  record PodHistory(String job, int instance, long run) implements RecordKey {
    @Override
    public String path() {
      return prefix(job, instance) + pad(run);
    }

    /** All past runs of one instance, as a prefix. */
    public static String prefix(String job, int instance) {
      return pastRunsOf(job) + pad(instance) + "/";
    }

    @Override
    public Parser<PodHistoryRecord> parser() {
      return PodHistoryRecord.parser();
    }
  }

  /** The last run of an instance that was removed from a job that lives on. */
  record InstanceLastRun(String job, int instance) implements RecordKey {
    @Override
    public String path() {
      return actualOf(job) + "last-run/" + pad(instance);
    }

    @Override
    public Parser<LastRunRecord> parser() {
      return LastRunRecord.parser();
    }
  }

  /** The largest run of any instance of a deleted job. */
  record JobLastRun(String job) implements RecordKey {
    @Override
    public String path() {
      return "actual/last-runs/" + job;
    }

    @Override
    public Parser<LastRunRecord> parser() {
      return LastRunRecord.parser();
    }
  }

  /** How a pool, or the root, stood when the leader last looked. */
  record PoolUsage(String id) implements RecordKey {
    @Override
    public String path() {
      return "actual/pools/" + id;
    }

    @Override
    public Parser<PoolUsageRecord> parser() {
      return PoolUsageRecord.parser();
    }
  }

  record HostGoal(String hostname) implements RecordKey {
    @Override
    public String path() {
      return "desired/hosts/" + encode(hostname);
    }

    @Override
    public Parser<HostGoalRecord> parser() {
      return HostGoalRecord.parser();
    }
  }

  record HostPool(String name) implements RecordKey {
    @Override
    public String path() {
      return "desired/host-pools/" + encode(name);
    }

    @Override
    public Parser<HostPoolRecord> parser() {
      return HostPoolRecord.parser();
    }
  }

  record Host(String hostname) implements RecordKey {
    @Override
    public String path() {
      return "actual/hosts/" + encode(hostname);
    }

    @Override
    public Parser<HostRecord> parser() {
      return HostRecord.parser();
    }
  }

  record VolumeGoal(String id) implements RecordKey {
    @Override
    public String path() {
      return "desired/volumes/" + id;
    }

    @Override
    public Parser<VolumeGoalRecord> parser() {
      return VolumeGoalRecord.parser();
    }
  }

  record Volume(String id) implements RecordKey {
    @Override
    public String path() {
      return "actual/volumes/" + id;
    }

    @Override
    public Parser<VolumeRecord> parser() {
      return VolumeRecord.parser();
    }
  }

  record Framework() implements RecordKey {
    @Override
    public String path() {
      return "actual/framework";
    }

    @Override
    public Parser<FrameworkRecord> parser() {
      return FrameworkRecord.parser();
    }
  }

  record Leader() implements RecordKey {
    @Override
    public String path() {
      return "leader";
    }

    @Override
    public Parser<LeaderRecord> parser() {
      return LeaderRecord.parser();
    }
  }

  /** Which schema the records have. */
  record Schema() implements RecordKey {
    @Override
    public String path() {
      return "desired/schema";
    }

    @Override
    public Parser<SchemaRecord> parser() {
      return SchemaRecord.parser();
    }
  }

  /**
   * The key that a path names; empty for a path that this version does not know or would write in
   * another way.
   */
  static Optional<RecordKey> parse(String path) {
    String[] p = path.split("/", -1);
    try {
      return Optional.ofNullable(
          switch (p[0]) {
            case "leader" -> p.length == 1 ? new Leader() : null;
            case "desired" -> parseDesired(p);
            case "actual" -> parseActual(p);
            case "past-runs" ->
                p.length == 4 ? new PodHistory(id(p[1]), instance(p[2]), number(p[3])) : null;
            default -> null;
          });
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static RecordKey parseDesired(String[] p) {
    if (p.length == 2 && p[1].equals("lockdown")) {
      return new Lockdown();
    }
    if (p.length == 2 && p[1].equals("schema")) {
      return new Schema();
    }
    if (p.length == 3 && p[1].equals("pools")) {
      return new Pool(id(p[2]));
    }
    if (p.length == 3 && p[1].equals("hosts")) {
      return new HostGoal(decode(id(p[2])));
    }
    if (p.length == 3 && p[1].equals("host-pools")) {
      return new HostPool(decode(id(p[2])));
    }
    if (p.length == 3 && p[1].equals("volumes")) {
      return new VolumeGoal(id(p[2]));
    }
    if (p.length == 4 && p[1].equals("pool-names")) {
      return new PoolName(id(p[2]), decode(p[3]));
    }
    if (p.length == 5 && p[1].equals("job-names")) {
      return new JobName(decode(p[2]), number(p[3]), id(p[4]));
    }
    if (p.length == 4 && p[1].equals("jobs") && p[3].equals("goal")) {
      return new JobGoal(id(p[2]));
    }
    if (p.length == 5 && p[1].equals("jobs")) {
      return switch (p[3]) {
        case "spec" -> new JobSpec(id(p[2]), number(p[4]));
        case "workflow" -> new WorkflowRequest(id(p[2]), number(p[4]));
        case "pod" -> new PodGoal(id(p[2]), instance(p[4]));
        case "secret" -> new Secret(id(p[2]), id(p[4]));
        default -> null;
      };
    }
    return null;
  }

  private static RecordKey parseActual(String[] p) {
    if (p.length == 2 && p[1].equals("framework")) {
      return new Framework();
    }
    if (p.length == 3 && p[1].equals("hosts")) {
      return new Host(decode(id(p[2])));
    }
    if (p.length == 3 && p[1].equals("volumes")) {
      return new Volume(id(p[2]));
    }
    if (p.length == 3 && p[1].equals("last-runs")) {
      return new JobLastRun(id(p[2]));
    }
    if (p.length == 3 && p[1].equals("pools")) {
      return new PoolUsage(id(p[2]));
    }
    if (p.length == 4 && p[1].equals("jobs") && p[3].equals("status")) {
      return new JobStatus(id(p[2]));
    }
    if (p.length == 4 && p[1].equals("jobs") && p[3].equals("waiting")) {
      return new JobWaiting(id(p[2]));
    }
    if (p.length == 5 && p[1].equals("jobs")) {
      return switch (p[3]) {
        case "workflow" -> new WorkflowStatus(id(p[2]), number(p[4]));
        case "pod" -> new Pod(id(p[2]), instance(p[4]));
        case "last-run" -> new InstanceLastRun(id(p[2]), instance(p[4]));
        default -> null;
      };
    }
    return null;
  }

  /** Nineteen digits hold every long that is not negative. */
  private static String pad(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("a number in a key must not be negative: " + number);
    }
    byte[] digits = new byte[DIGITS];
    long rest = number;
    for (int i = DIGITS - 1; i >= 0; i--) {
      digits[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return new String(digits, StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads what {@link #pad} writes and nothing else: two spellings of a number would be two keys of
   * one record.
   */
  private static long number(String digits) {
    if (digits.length() != DIGITS) {
      throw new IllegalArgumentException("not " + DIGITS + " digits: " + digits);
    }
    for (int i = 0; i < DIGITS; i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        throw new IllegalArgumentException("not a number: " + digits);
      }
    }
    return Long.parseLong(digits);
  }

  private static int instance(String digits) {
    long number = number(digits);
    if (number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not an instance: " + digits);
    }
    return (int) number;
  }

  private static String id(String id) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("empty id");
    }
    return id;
  }

  private static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static String decode(String name) {
    return URLDecoder.decode(name, StandardCharsets.UTF_8);
  }
}
