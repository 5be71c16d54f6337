package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.master.Protos.Response;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import peloton.mesos.local.agent.Agent;
import peloton.mesos.local.agent.SimulatedTasks;
import peloton.mesos.local.loop.ManualEventLoop;
import peloton.mesos.local.resources.Ranges;
import peloton.mesos.local.resources.Resources;

/** A master with simulated tasks and a clock that the test moves. */
final class Fixture {

  static final Duration ALLOCATION = Duration.ofSeconds(1);
  static final Duration RESEND = Duration.ofSeconds(10);
  static final Duration PING_TIMEOUT = Duration.ofSeconds(75);

  /** What each agent of the fixture has. */
  static final Resources EACH =
      Resources.scalar("cpus", 4)
          .plus(Resources.scalar("mem", 4096))
          .plus(Resources.ranges("ports", new Ranges(List.of(new Ranges.Range(31000, 31009)))));

  final ManualEventLoop loop = new ManualEventLoop();
  final Sessions sessions = new Sessions();
  final Master master;
  final List<String> restarted = new ArrayList<>();
  final SimulatedTasks tasks;
  RecordingSubscriber scheduler;
  private String frameworkId = "";
  private int streams;

  Fixture() {
    this(Duration.ZERO, Duration.ZERO);
  }

  /** A master that says it is another version of Mesos. */
  Fixture(String version) {
    this(Duration.ZERO, Duration.ZERO, version);
  }

  Fixture(Duration startDelay, Duration stopDelay) {
    this(startDelay, stopDelay, MasterSettings.VERSION);
  }

  private Fixture(Duration startDelay, Duration stopDelay, String version) {
    master =
        new Master(
            loop,
            loop.clock(),
            new MasterSettings(ALLOCATION, Duration.ofSeconds(15), PING_TIMEOUT, version),
            RESEND,
            sessions);
    tasks = new SimulatedTasks(loop, startDelay, stopDelay);
    master.start(5050, (hostname, resources) -> restarted.add(hostname + " with " + resources));
  }

  String addAgent() {
    return addAgent(EACH);
  }

  String addAgent(Resources resources) {
    String id = master.newAgentId();
    var info =
        AgentInfo.newBuilder()
            .setId(AgentID.newBuilder().setValue(id))
            .setHostname("host-" + id)
            .setPort(5051)
            .build();
    master.register(
        info,
        new Agent(
            id, "host-" + id, loop, loop.clock(), new SplittableRandom(1), tasks, RESEND, master),
        resources);
    loop.settle();
    return id;
  }

  static FrameworkInfo.Builder framework(Capability.Type... capabilities) {
    var info = FrameworkInfo.newBuilder().setUser("root").setName("test").setFailoverTimeout(60);
    Arrays.stream(capabilities).forEach(type -> info.addCapabilitiesBuilder().setType(type));
    return info;
  }

  /** Subscribes the framework of this fixture, again if it was before. */
  RecordingSubscriber subscribe(FrameworkInfo.Builder info) {
    return subscribe(info, List.of());
  }

  RecordingSubscriber subscribe(FrameworkInfo.Builder info, List<String> suppressed) {
    if (!frameworkId.isEmpty()) {
      info.getIdBuilder().setValue(frameworkId);
    }
    scheduler = subscribeOther(info, suppressed);
    var events = scheduler.take(Event.Type.SUBSCRIBED);
    if (!events.isEmpty()) {
      frameworkId = events.get(0).getSubscribed().getFrameworkId().getValue();
    }
    return scheduler;
  }

  /** Subscribes some framework, without a look at what comes of it. */
  RecordingSubscriber subscribeOther(FrameworkInfo.Builder info, List<String> suppressed) {
    var subscriber = new RecordingSubscriber("stream-" + ++streams);
    master.subscribe(
        Call.Subscribe.newBuilder()
            .setFrameworkInfo(info)
            .addAllSuppressedRoles(suppressed)
            .build(),
        subscriber);
    loop.settle();
    return subscriber;
  }

  String frameworkId() {
    return frameworkId;
  }

  void call(Call.Builder call) {
    call.getFrameworkIdBuilder().setValue(frameworkId);
    assertThat(CallValidation.problem(call.build())).isEmpty();
    master.call(call.build(), scheduler.streamId());
    loop.settle();
  }

  void call(Call.Type type) {
    call(Call.newBuilder().setType(type));
  }

  void launch(Offer offer, TaskInfo.Builder... infos) {
    launch(List.of(offer), infos);
  }

  void launch(List<Offer> offers, TaskInfo.Builder... infos) {
    var launch = Offer.Operation.Launch.newBuilder();
    Arrays.stream(infos).forEach(launch::addTaskInfos);
    accept(
        offers,
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH).setLaunch(launch),
        5);
  }

  void accept(List<Offer> offers, Offer.Operation.Builder operation, double refuseSeconds) {
    var accept = Call.Accept.newBuilder().addOperations(operation);
    offers.forEach(offer -> accept.addOfferIds(offer.getId()));
    accept.getFiltersBuilder().setRefuseSeconds(refuseSeconds);
    call(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
  }

  void decline(Offer offer, double refuseSeconds) {
    var decline = Call.Decline.newBuilder().addOfferIds(offer.getId());
    decline.getFiltersBuilder().setRefuseSeconds(refuseSeconds);
    call(Call.newBuilder().setType(Call.Type.DECLINE).setDecline(decline));
  }

  void acknowledge(TaskStatus status) {
    call(
        Call.newBuilder()
            .setType(Call.Type.ACKNOWLEDGE)
            .setAcknowledge(
                Call.Acknowledge.newBuilder()
                    .setAgentId(status.getAgentId())
                    .setTaskId(status.getTaskId())
                    .setUuid(status.getUuid())));
  }

  /** The one update that is there, of that state, acknowledged. */
  TaskStatus acknowledged(TaskState state) {
    var status = scheduler.takeUpdate(state);
    acknowledge(status);
    return status;
  }

  /** Launches a task and acknowledges until it runs. */
  void running(Offer offer, TaskInfo.Builder task) {
    launch(offer, task);
    acknowledged(TaskState.TASK_STARTING);
    acknowledged(TaskState.TASK_RUNNING);
  }

  void kill(String taskId) {
    var kill = Call.Kill.newBuilder();
    kill.getTaskIdBuilder().setValue(taskId);
    call(Call.newBuilder().setType(Call.Type.KILL).setKill(kill));
  }

  void reconcile(String taskId, String agentId) {
    var reconcile = Call.Reconcile.newBuilder();
    var asked = reconcile.addTasksBuilder();
    asked.getTaskIdBuilder().setValue(taskId);
    if (!agentId.isEmpty()) {
      asked.getAgentIdBuilder().setValue(agentId);
    }
    call(Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(reconcile));
  }

  void reconcileAll() {
    call(
        Call.newBuilder()
            .setType(Call.Type.RECONCILE)
            .setReconcile(Call.Reconcile.getDefaultInstance()));
  }

  /** Makes an operator's call. */
  OperatorReply tryOperate(org.apache.mesos.v1.master.Protos.Call.Builder call) {
    var reply = master.operator().call(call.buildPartial());
    loop.settle();
    return reply;
  }

  /** Makes an operator's call that is answered with data. */
  Response operate(org.apache.mesos.v1.master.Protos.Call.Builder call) {
    return ((OperatorReply.Data) tryOperate(call)).response();
  }

  /** The agents as operators see them. */
  List<Response.GetAgents.Agent> agents() {
    return operate(
            org.apache.mesos.v1.master.Protos.Call.newBuilder()
                .setType(org.apache.mesos.v1.master.Protos.Call.Type.GET_AGENTS))
        .getGetAgents()
        .getAgentsList();
  }

  void disconnect() {
    master.streamEnded(scheduler);
    loop.settle();
  }

  static TaskInfo.Builder task(Offer offer, String id) {
    var task =
        TaskInfo.newBuilder()
            .setName("task")
            .setTaskId(TaskID.newBuilder().setValue(id))
            .setAgentId(offer.getAgentId())
            .addResources(scalar("cpus", 1))
            .addResources(scalar("mem", 128));
    task.getCommandBuilder().setValue("true");
    return task;
  }

  static Resource scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount))
        .build();
  }

  static Resource ports(long begin, long end) {
    return Resource.newBuilder()
        .setName("ports")
        .setType(Value.Type.RANGES)
        .setRanges(
            Value.Ranges.newBuilder()
                .addRange(Value.Range.newBuilder().setBegin(begin).setEnd(end)))
        .build();
  }
}
