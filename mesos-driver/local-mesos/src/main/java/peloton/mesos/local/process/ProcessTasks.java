package peloton.mesos.local.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.mesos.local.agent.ExitStatus;
import peloton.mesos.local.agent.Launch;
import peloton.mesos.local.agent.PersistentVolume;
import peloton.mesos.local.agent.TaskKey;
import peloton.mesos.local.agent.TaskRunner;
import peloton.mesos.local.loop.EventLoop;

/**
 * Runs tasks as processes, each in a session and group of its own. They are children of this JVM:
 * they live on when a scheduler dies, and end when the local Mesos ends.
 */
public final class ProcessTasks implements TaskRunner, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProcessTasks.class);
  private static final int WORKERS = 4;

  /** Checks may hang for their timeout, so they have threads of their own. */
  private static final int PROBERS = 8;

  private final EventLoop loop;
  private final Path workDir;
  private final Images images;
  private final WorkDirLock lock;
  private final Leftovers leftovers;
  private final VolumeStore volumes;
  private final ExecutorService workers;
  private final ExecutorService probers;
  private final Map<TaskKey, Run> runs = new HashMap<>();
  private final Map<String, ProcessGroup> groups = new ConcurrentHashMap<>();
  private final Thread atExit = new Thread(this::killGroups, "local-mesos-exit");
  private volatile boolean closed;

  /**
   * Kills what an earlier local Mesos left in the work directory, then is ready.
   *
   * @throws UncheckedIOException when the work directory cannot be used
   */
  public ProcessTasks(EventLoop loop, Path workDir, Images images) {
    this.loop = loop;
    this.images = images;
    this.workDir = workDir.toAbsolutePath().normalize();
    try {
      lock = WorkDirLock.take(this.workDir);
      leftovers = new Leftovers(this.workDir);
      leftovers.killAll();
      volumes = new VolumeStore(this.workDir);
      volumes.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The work directory " + workDir + " cannot be used: " + e.getMessage(), e);
    }
    workers = Executors.newFixedThreadPool(WORKERS, daemons("local-mesos-worker"));
    probers = Executors.newFixedThreadPool(PROBERS, daemons("local-mesos-probe"));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  @Override
  public void start(Launch launch, Listener listener) {
    var problem = TaskCommand.problem(launch.info(), System.getProperty("user.name"), images);
    if (problem.isPresent()) {
      loop.execute(() -> listener.failedToStart(launch.key(), problem.get()));
      return;
    }
    var run = new Run(launch, listener);
    runs.put(launch.key(), run);
    workers.execute(run::spawn);
  }

  @Override
  public void stop(TaskKey key, Duration grace) {
    var run = runs.get(key);
    if (run != null) {
      run.stop(grace);
    }
  }

  @Override
  public void probe(TaskKey key, Consumer<Optional<String>> result) {
    var run = runs.get(key);
    if (run == null || closed) {
      return;
    }
    probers.execute(
        () -> {
          var problem = run.probes().health(run.launch.info().getHealthCheck());
          loop.execute(() -> result.accept(problem));
        });
  }

  @Override
  public void check(TaskKey key, Consumer<CheckStatusInfo> result) {
    var run = runs.get(key);
    if (run == null || closed) {
      return;
    }
    probers.execute(
        () -> {
          var status = run.probes().check(run.launch.info().getCheck());
          loop.execute(() -> result.accept(status));
        });
  }

  @Override
  public void createVolume(PersistentVolume volume) {
    workers.execute(
        () -> {
          try {
            volumes.make(volume);
          } catch (IOException e) {
            log.warn("The volume {} cannot be made: {}", volume, e.toString());
          }
        });
  }

  @Override
  public void destroyVolume(PersistentVolume volume) {
    workers.execute(
        () -> {
          try {
            volumes.remove(volume);
          } catch (IOException e) {
            log.warn("The volume {} cannot be removed: {}", volume, e.toString());
          }
        });
  }

  /** Kills all tasks and waits for the workers, at most some seconds. */
  @Override
  public void close() {
    closed = true;
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      log.debug("The JVM is going down already");
    }
    probers.shutdownNow();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("Some work on tasks is not done in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    killGroups();
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("The work directory {} stays locked: {}", workDir, e.getMessage());
    }
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      var thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  private void killGroups() {
    closed = true;
    groups.forEach(
        (containerId, group) -> {
          group.kill();
          forget(containerId);
        });
  }

  private void forget(String containerId) {
    groups.remove(containerId);
    try {
      leftovers.remove(containerId);
    } catch (IOException e) {
      log.warn("The record of container {} stays: {}", containerId, e.getMessage());
    }
  }

  /** One task; fields belong to the event loop, {@link #spawn} and the end to workers. */
  private final class Run {
    private final Launch launch;
    private final Listener listener;
    private volatile Sandbox sandbox;
    private volatile Map<String, String> environment;
    private ProcessGroup group;
    private EventLoop.Timer escalation = () -> {};
    private boolean stopping;
    private long killAt;

    private Run(Launch launch, Listener listener) {
      this.launch = launch;
      this.listener = listener;
    }

    private void spawn() {
      if (closed) {
        return;
      }
      try {
        sandbox = Sandbox.create(workDir, launch);
        environment = TaskCommand.environment(launch, sandbox, System.getenv());
        var command = launch.info().getCommand();
        if (launch.parent().isPresent()) {
          link(
              new Volumes(new Sandbox(sandbox.parent().orElseThrow(), Optional.empty())),
              launch.parent().get().volumes());
        }
        var own = new Volumes(sandbox);
        link(own, launch.volumes());
        own.make(launch.info().getContainer());
        var missing = TaskCommand.missingProgram(command, sandbox.directory(), environment);
        if (missing.isPresent()) {
          throw new IOException(missing.get());
        }
        var builder =
            new ProcessBuilder(
                TaskCommand.line(command, launch.info().getContainer().getRlimitInfo()));
        builder.directory(sandbox.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectInput(new File("/dev/null"));
        builder.redirectOutput(sandbox.stdout().toFile());
        builder.redirectError(sandbox.stderr().toFile());
        var process = builder.start();
        var started = new ProcessGroup(process.pid());
        groups.put(launch.containerId(), started);
        leftovers.add(launch.containerId(), process.toHandle());
        if (closed) {
          started.kill();
        }
        loop.execute(() -> started(started));
        process.onExit().thenAcceptAsync(ended -> ended(started, ended.exitValue()), workers);
      } catch (IOException | RuntimeException e) {
        loop.execute(
            () -> {
              escalation.cancel();
              runs.remove(launch.key());
              listener.failedToStart(launch.key(), "Failed to launch: " + e.getMessage());
            });
      }
    }

    private void link(Volumes into, List<PersistentVolume> list) throws IOException {
      for (var volume : list) {
        into.link(volume.containerPath(), volumes.make(volume));
      }
    }

    /** Only to be asked while it runs. */
    private Probes probes() {
      return new Probes(sandbox, environment);
    }

    private void started(ProcessGroup started) {
      group = started;
      if (stopping) {
        signal();
      } else {
        listener.running(launch.key());
      }
    }

    /** Whatever the first process left in the group goes with it, as with a container. */
    private void ended(ProcessGroup ended, int exitValue) {
      ended.kill();
      forget(launch.containerId());
      loop.execute(
          () -> {
            escalation.cancel();
            runs.remove(launch.key());
            listener.exited(launch.key(), ExitStatus.ofJava(exitValue));
          });
    }

    private void stop(Duration grace) {
      long at = loop.nanoTime() + grace.toNanos();
      if (stopping && at - killAt >= 0) {
        return;
      }
      boolean first = !stopping;
      stopping = true;
      killAt = at;
      escalation.cancel();
      escalation = loop.schedule(grace, this::escalate);
      if (first && group != null) {
        signal();
      }
    }

    private void signal() {
      var target = group;
      submit(target::terminate);
    }

    private void escalate() {
      var target = group;
      if (target != null) {
        submit(target::kill);
      } else {
        escalation = loop.schedule(Duration.ofMillis(100), this::escalate);
      }
    }

    private void submit(Runnable work) {
      if (!closed) {
        workers.execute(work);
      }
    }
  }
}
