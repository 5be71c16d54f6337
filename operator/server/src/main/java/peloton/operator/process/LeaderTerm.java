package peloton.operator.process;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.loop.LeaderLoops;
import peloton.loop.PlacementPlan;
import peloton.mesos.driver.MesosCalls;
import peloton.mesos.driver.MesosDriver;
import peloton.mesos.driver.OperatorApiClient;
import peloton.operator.sandbox.AgentDirectory.AgentAddress;
import peloton.store.commit.FencedWriter;
import peloton.store.commit.WriterSettings;
import peloton.store.commit.WriterStats;
import peloton.store.election.Term;
import peloton.store.view.RecordChange;
import peloton.store.view.Records;
import peloton.store.view.View;
import peloton.store.view.ViewListener;

/**
 * The writer, the loops and the Mesos driver of one term. The loops begin once the view has reached
 * the term's first revision: no other leader can have written after it, so nothing is missing. The
 * driver begins once the loops know the framework's id.
 */
final class LeaderTerm implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaderTerm.class);

  private final MesosLeadership.Parts parts;
  private final Term term;
  private final ExecutorService control = Threads.single("control");
  private final ExecutorService commits = Threads.single("commits");
  private final FencedWriter writer;
  private final OperatorApiClient operatorApi;
  private final LeaderLoops loops;
  private final MesosDriver driver;

  // Guarded by this: the view may be ready when the term is over.
  private Optional<View.Attachment> attachment = Optional.empty();
  private boolean driving;
  private boolean closed;

  LeaderTerm(MesosLeadership.Parts parts, Term term) {
    this.parts = parts;
    this.term = term;
    this.writer =
        new FencedWriter(
            parts.store(),
            parts.keyspace(),
            term,
            commits,
            commits,
            parts.timers(),
            WriterSettings.defaults(),
            (why, cause) -> {
              cause.ifPresent(c -> log.error("etcd refused what the loops wrote", c));
              parts.abdicate().accept(term, why);
            });
    this.operatorApi = new OperatorApiClient(parts.driver());
    DeferredCalls calls = new DeferredCalls();
    this.loops =
        new LeaderLoops(
            control,
            writer,
            calls,
            operatorApi,
            parts.rollbacks(),
            parts.secrets(),
            parts.timers(),
            parts.clock(),
            parts.loops(),
            parts.meter(),
            why -> parts.abdicate().accept(term, why));
    this.driver = new MesosDriver(parts.driver(), this::framework, loops, parts.random());
    calls.to = driver;
  }

  void start() {
    parts
        .view()
        .awaitRevision(term.createRevision())
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                attach();
              }
            });
  }

  CompletableFuture<PlacementPlan> plan(PlacementPlan.Question question) {
    return loops.plan(question);
  }

  Optional<AgentAddress> agent(String id) {
    return Optional.ofNullable(loops.agents().get(id))
        .map(agent -> new AgentAddress(agent.ip(), agent.port()));
  }

  WriterStats written() {
    return writer.stats();
  }

  private synchronized void attach() {
    if (!closed) {
      attachment = Optional.of(parts.view().attach(new Entrance()));
    }
  }

  private synchronized void drive() {
    if (closed || driving) {
      return;
    }
    driving = true;
    if (loops.frameworkInfo().isPresent()) {
      driver.start();
    } else {
      log.error(
          "Mesos removed this framework, and its tasks with it; nothing is launched until a person"
              + " deletes the key {}actual/framework in etcd and restarts the operator",
          parts.keyspace().prefix());
    }
  }

  private FrameworkInfo framework() {
    return loops
        .frameworkInfo()
        .orElseThrow(() -> new IllegalStateException("Mesos removed this framework"));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      attachment.ifPresent(View.Attachment::close);
    }
    driver.close();
    loops.close();
    operatorApi.close();
    writer.close();
    control.shutdown();
    commits.shutdown();
  }

  /** Passes the view on to the loops, and lets the driver go once they have seen it. */
  private final class Entrance implements ViewListener {
    @Override
    public void onSnapshot(Records records, long revision) {
      loops.onSnapshot(records, revision);
      drive();
    }

    @Override
    public void onChanges(List<RecordChange> changes, long revision) {
      loops.onChanges(changes, revision);
    }
  }

  /** The loops and the driver know each other; one of them must come first. */
  private static final class DeferredCalls implements MesosCalls {
    private volatile MesosCalls to;

    @Override
    public void send(org.apache.mesos.v1.scheduler.Protos.Call call) {
      to.send(call);
    }

    @Override
    public int waiting() {
      return to.waiting();
    }
  }
}
