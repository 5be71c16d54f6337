package peloton.operator.process;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.desired.secret.SecretSource;
import peloton.loop.LoopMeter;
import peloton.loop.LoopSettings;
import peloton.loop.PlacementPlan;
import peloton.loop.Rollbacks;
import peloton.mesos.driver.DriverSettings;
import peloton.operator.read.Planner;
import peloton.operator.sandbox.AgentDirectory;
import peloton.store.KeyValueStore;
import peloton.store.Timers;
import peloton.store.commit.WriterStats;
import peloton.store.election.Term;
import peloton.store.view.Keyspace;
import peloton.store.view.View;

/** Leads by running the loops against Mesos: makes them anew for each term. */
final class MesosLeadership implements Leadership, AgentDirectory, Planner {
  private static final Logger log = LoggerFactory.getLogger(MesosLeadership.class);

  private final Parts parts;
  private volatile Optional<LeaderTerm> current = Optional.empty();

  /**
   * What every term is made of.
   *
   * @param rollbacks writes the way back of updates that failed
   * @param secrets opens what jobs keep secret, for the launch of their pods
   * @param meter counts what the loops of all terms do
   * @param abdicate gives up a term from within
   */
  record Parts(
      KeyValueStore store,
      Keyspace keyspace,
      View view,
      Timers timers,
      InstantSource clock,
      RandomGenerator random,
      DriverSettings driver,
      LoopSettings loops,
      Rollbacks rollbacks,
      SecretSource secrets,
      LoopMeter meter,
      BiConsumer<Term, String> abdicate) {}

  MesosLeadership(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void begin(Term term) {
    log.info("leading, term {}", term.createRevision());
    LeaderTerm next = new LeaderTerm(parts, term);
    current = Optional.of(next);
    next.start();
  }

  @Override
  public void end(String why) {
    log.info("leading no more: {}", why);
    Optional<LeaderTerm> last = current;
    current = Optional.empty();
    last.ifPresent(LeaderTerm::close);
  }

  /** What the term's writer has done; empty while this process does not lead. */
  Optional<WriterStats> written() {
    return current.map(LeaderTerm::written);
  }

  @Override
  public Optional<CompletableFuture<PlacementPlan>> plan(PlacementPlan.Question question) {
    return current.map(term -> term.plan(question));
  }

  @Override
  public Optional<AgentAddress> find(String agentId) {
    return current.flatMap(term -> term.agent(agentId));
  }
}
