package peloton.mesos.local;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import peloton.mesos.local.agent.SimulatedTasks;
import peloton.mesos.local.agent.TaskRunner;
import peloton.mesos.local.http.Control;
import peloton.mesos.local.http.HttpFront;
import peloton.mesos.local.http.Leadership;
import peloton.mesos.local.loop.ThreadEventLoop;
import peloton.mesos.local.master.AgentSnapshot;
import peloton.mesos.local.master.FrameworkSnapshot;
import peloton.mesos.local.master.Master;
import peloton.mesos.local.master.Sessions;
import peloton.mesos.local.master.TaskSnapshot;
import peloton.mesos.local.process.Images;
import peloton.mesos.local.process.ProcessTasks;

/**
 * A running local Mesos. Schedulers reach it at {@code http://127.0.0.1:<port>/api/v1/scheduler};
 * the methods here are what an operator, or fate, does to the cluster. All may be called from any
 * thread and have taken effect when they return.
 */
public final class LocalMesos implements AutoCloseable {

  private static final long ANSWER_SECONDS = 30;
  private static final Control NOT_YET =
      (what, arguments) -> {
        throw new IllegalArgumentException("do: the local Mesos is still starting");
      };

  private final ThreadEventLoop loop;
  private final AutoCloseable tasks;
  private final Master master;
  private final HttpFront http;
  private final AgentStarter starter;

  private LocalMesos(
      ThreadEventLoop loop,
      AutoCloseable tasks,
      Master master,
      HttpFront http,
      AgentStarter starter) {
    this.loop = loop;
    this.tasks = tasks;
    this.master = master;
    this.http = http;
    this.starter = starter;
  }

  /**
   * Starts one; it is listening when this returns.
   *
   * @throws java.io.UncheckedIOException when the port or the work directory cannot be had
   */
  public static LocalMesos start(LocalMesosSettings settings) {
    var loop = new ThreadEventLoop("local-mesos");
    AutoCloseable tasks = () -> {};
    try {
      TaskRunner runner;
      if (settings.tasks() instanceof LocalMesosSettings.Tasks.Simulated simulated) {
        runner = new SimulatedTasks(loop, simulated.startDelay(), simulated.stopDelay());
      } else {
        var images =
            settings.tasks() instanceof LocalMesosSettings.Tasks.Real real
                ? real.images()
                : Images.REFUSED;
        var processes = new ProcessTasks(loop, settings.workDir(), images);
        runner = processes;
        tasks = processes;
      }
      var sessions = new Sessions();
      var clock = InstantSource.system();
      var master = new Master(loop, clock, settings.master(), settings.resendInterval(), sessions);
      var control = new AtomicReference<Control>(NOT_YET);
      var http =
          new HttpFront(
              new InetSocketAddress(InetAddress.getByName("127.0.0.1"), settings.port()),
              settings.workDir(),
              settings.streamCapacity(),
              settings.access(),
              (what, arguments) -> control.get().order(what, arguments),
              master,
              sessions,
              loop);
      var agents = new AgentStarter(settings, loop, clock, runner, master, http.port());
      var mesos = new LocalMesos(loop, tasks, master, http, agents);
      control.set(new Orders(mesos));
      mesos.ask(
          () -> {
            master.start(http.port(), agents::start);
            agents.startAll();
            return true;
          });
      return mesos;
    } catch (Exception e) {
      close(tasks);
      loop.close();
      throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
  }

  /** The port on 127.0.0.1 of the master and of all agents. */
  public int port() {
    return http.port();
  }

  /** Where a task's sandboxes are: {@code latest} is the newest. */
  public static Path sandbox(Path workDir, String agentId, String frameworkId, String taskId) {
    return workDir
        .resolve("slaves")
        .resolve(agentId)
        .resolve("frameworks")
        .resolve(frameworkId)
        .resolve("executors")
        .resolve(taskId)
        .resolve("runs")
        .resolve("latest");
  }

  /** Where the sandbox of a task is that runs in a group, on a default executor. */
  public static Path sandbox(
      Path workDir, String agentId, String frameworkId, String executorId, String taskId) {
    return sandbox(workDir, agentId, frameworkId, executorId).resolve("tasks").resolve(taskId);
  }

  public List<AgentSnapshot> agents() {
    return ask(master::agents);
  }

  public List<FrameworkSnapshot> frameworks() {
    return ask(master::frameworks);
  }

  public List<TaskSnapshot> tasks() {
    return ask(master::tasks);
  }

  /**
   * Cuts an agent off from the master: offers are rescinded now, its tasks are unreachable after
   * the ping timeout; they run on. Returns false when there is no such agent connected.
   */
  public boolean removeAgent(String agentId) {
    return ask(() -> master.loseAgent(agentId));
  }

  /** Brings back an agent that was cut off. Returns false when none of that id was. */
  public boolean returnAgent(String agentId) {
    return ask(() -> master.returnAgent(agentId));
  }

  /** Declares an agent gone for good. Returns false when there is no such agent, or was gone. */
  public boolean markAgentGone(String agentId) {
    return ask(() -> master.markAgentGone(agentId));
  }

  /**
   * Another master takes over: all connections and offers are gone, agents and tasks are there, and
   * frameworks have to subscribe again.
   */
  public void failOverMaster() {
    ask(
        () -> {
          master.failOver();
          return true;
        });
    http.dropConnections();
  }

  /**
   * Ends an agent's process and starts it again: its tasks live on, and nobody is told anything if
   * it is back before the ping timeout. Returns false when there is no such agent connected.
   *
   * @param away until it is registered again
   */
  public boolean restartAgent(String agentId, Duration away) {
    return ask(
        () -> {
          boolean lost = master.loseAgent(agentId);
          if (lost) {
            loop.schedule(away, () -> master.returnAgent(agentId));
          }
          return lost;
        });
  }

  /**
   * Starts a new agent on the machine of one that is gone, with the reservations and volumes that
   * were there. Returns the new agent's id.
   *
   * @throws IllegalStateException when there is no such agent, or it is not gone
   */
  public String replaceAgent(String agentId) {
    return ask(() -> starter.replace(agentId));
  }

  /** Adds a master that does not lead, and returns its port: it redirects to the one that does. */
  public int addMaster() {
    return http.listenAlso();
  }

  /**
   * The master at {@code port} takes over, which is {@link #port} or what {@link #addMaster}
   * returned; the others redirect to it from now on.
   */
  public void lead(int port) {
    http.lead(port);
    ask(
        () -> {
          master.failOver(port);
          return true;
        });
    http.dropConnections();
  }

  /** Cuts every stream of events in the middle of the next record that is sent on it. */
  public void cutStreamsInRecord() {
    http.cutInRecord();
  }

  /** Loses the next so many acknowledgements of updates: they are answered, and never arrive. */
  public void loseAcknowledgements(int count) {
    http.loseAcknowledgements(count);
  }

  /** Cuts all connections, as a broken network does. */
  public void dropConnections() {
    http.dropConnections();
  }

  /** Answers the master's paths with a redirect to {@code hostAndPort}. */
  public void redirectTo(String hostAndPort) {
    http.leadership(new Leadership.Elsewhere(hostAndPort));
  }

  /** Answers the master's paths with 503 while {@code unavailable}, else serves them again. */
  public void unavailable(boolean unavailable) {
    http.leadership(unavailable ? new Leadership.Nobody() : new Leadership.Leading());
  }

  /** Stops listening, kills all tasks, and returns when both is done. */
  @Override
  public void close() {
    http.close();
    close(tasks);
    loop.close();
  }

  private <T> T ask(Supplier<T> question) {
    var answer = new CompletableFuture<T>();
    loop.execute(
        () -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the local Mesos worked", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("The local Mesos does not answer; is it closed?", e);
    }
  }

  private static void close(AutoCloseable tasks) {
    try {
      tasks.close();
    } catch (Exception e) {
      throw new IllegalStateException("The tasks cannot be ended", e);
    }
  }
}
