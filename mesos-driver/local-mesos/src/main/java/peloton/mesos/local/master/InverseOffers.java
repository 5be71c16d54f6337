package peloton.mesos.local.master;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.Address;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.Protos.URL;
import org.apache.mesos.v1.allocator.Protos.InverseOfferStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;
import peloton.mesos.local.loop.EventLoop;

/**
 * Asks frameworks to leave agents whose machines are to be maintained. Whoever has tasks there is
 * asked once, and after its answer again when the answer's filter is over. What frameworks answer
 * is for operators to read; it has no other effect.
 */
final class InverseOffers {

  private static final double DEFAULT_SECONDS = Filters.getDefaultInstance().getRefuseSeconds();

  private final Cluster cluster;
  private final EventLoop loop;
  private final InstantSource clock;
  private final Map<String, Asked> outstanding = new LinkedHashMap<>();
  private final Map<Pair, InverseOfferStatus> answers = new HashMap<>();
  private final Map<Pair, Long> quietUntil = new HashMap<>();

  InverseOffers(Cluster cluster, EventLoop loop, InstantSource clock) {
    this.cluster = cluster;
    this.loop = loop;
    this.clock = clock;
  }

  private record Pair(String agentId, String frameworkId) {}

  private record Asked(String id, AgentSlot agent, Framework framework) {
    Pair pair() {
      return new Pair(agent.id(), framework.id());
    }
  }

  /** Asks whoever has to be asked now; costs next to nothing while no maintenance is planned. */
  void make() {
    for (var machine : cluster.machines().draining()) {
      for (var agent : cluster.agentsOn(machine)) {
        if (agent.isOfferable()) {
          ask(agent);
        }
      }
    }
  }

  private void ask(AgentSlot agent) {
    for (var framework : cluster.frameworks()) {
      var pair = new Pair(agent.id(), framework.id());
      boolean concerned =
          agent.tasks().keySet().stream().anyMatch(key -> key.frameworkId().equals(framework.id()));
      boolean asked = outstanding.values().stream().anyMatch(any -> any.pair().equals(pair));
      var quiet = quietUntil.get(pair);
      if (!framework.isConnected()
          || !concerned
          || asked
          || (quiet != null && quiet - loop.nanoTime() > 0)) {
        continue;
      }
      var offer = new Asked(cluster.newOfferId(), agent, framework);
      outstanding.put(offer.id(), offer);
      answers.computeIfAbsent(
          pair, any -> status(framework.id(), InverseOfferStatus.Status.UNKNOWN));
      framework.send(
          Event.newBuilder()
              .setType(Event.Type.INVERSE_OFFERS)
              .setInverseOffers(Event.InverseOffers.newBuilder().addInverseOffers(toProto(offer)))
              .build());
    }
  }

  /** A framework's answer; offers that it does not have are ignored. */
  void answer(Framework framework, List<OfferID> ids, boolean accepted, Filters filters) {
    double seconds = filters.getRefuseSeconds() >= 0 ? filters.getRefuseSeconds() : DEFAULT_SECONDS;
    for (var id : ids) {
      var offer = outstanding.get(id.getValue());
      if (offer != null && offer.framework() == framework) {
        outstanding.remove(id.getValue());
        answers.put(
            offer.pair(),
            status(
                framework.id(),
                accepted ? InverseOfferStatus.Status.ACCEPT : InverseOfferStatus.Status.DECLINE));
        quietUntil.put(offer.pair(), loop.nanoTime() + (long) (seconds * 1e9));
      }
    }
  }

  /** Takes back what was asked about an agent, and forgets the answers. */
  void withdraw(AgentSlot agent) {
    for (var offer : List.copyOf(outstanding.values())) {
      if (offer.agent() == agent) {
        outstanding.remove(offer.id());
        var rescind = Event.RescindInverseOffer.newBuilder();
        rescind.getInverseOfferIdBuilder().setValue(offer.id());
        offer
            .framework()
            .send(
                Event.newBuilder()
                    .setType(Event.Type.RESCIND_INVERSE_OFFER)
                    .setRescindInverseOffer(rescind)
                    .build());
      }
    }
    answers.keySet().removeIf(pair -> pair.agentId().equals(agent.id()));
    quietUntil.keySet().removeIf(pair -> pair.agentId().equals(agent.id()));
  }

  /** A framework that does not listen any more has nothing to answer. */
  void discardAll(Framework framework) {
    outstanding.values().removeIf(offer -> offer.framework() == framework);
    quietUntil.keySet().removeIf(pair -> pair.frameworkId().equals(framework.id()));
  }

  /** What frameworks have said about an agent. */
  List<InverseOfferStatus> answers(AgentSlot agent) {
    return answers.entrySet().stream()
        .filter(entry -> entry.getKey().agentId().equals(agent.id()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** A new master knows no answers. */
  void forget() {
    outstanding.clear();
    answers.clear();
    quietUntil.clear();
  }

  private InverseOfferStatus status(String frameworkId, InverseOfferStatus.Status status) {
    var now = clock.instant();
    return InverseOfferStatus.newBuilder()
        .setStatus(status)
        .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
        .setTimestamp(
            TimeInfo.newBuilder()
                .setNanoseconds(now.getEpochSecond() * 1_000_000_000L + now.getNano()))
        .build();
  }

  private InverseOffer toProto(Asked offer) {
    var info = offer.agent().info();
    var builder =
        InverseOffer.newBuilder()
            .setUrl(
                URL.newBuilder()
                    .setScheme("http")
                    .setAddress(
                        Address.newBuilder()
                            .setHostname(info.getHostname())
                            .setIp(AgentSlot.IP)
                            .setPort(info.getPort()))
                    .setPath("/slave(1)"))
            .setAgentId(info.getId())
            .setUnavailability(
                cluster.machines().unavailability(offer.agent().machine()).orElseThrow());
    builder.getIdBuilder().setValue(offer.id());
    builder.getFrameworkIdBuilder().setValue(offer.framework().id());
    return builder.build();
  }
}
