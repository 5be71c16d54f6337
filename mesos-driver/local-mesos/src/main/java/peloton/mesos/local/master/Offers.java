package peloton.mesos.local.master;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Address;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.URL;
import org.apache.mesos.v1.scheduler.Protos.Event;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.resources.Resources;

/** The offers that are out: made, answered, rescinded. */
final class Offers {

  private final Cluster cluster;
  private final EventLoop loop;
  private final MasterSettings settings;
  private final Allocator allocator;
  private final InverseOffers inverse;
  private final Map<String, OutstandingOffer> outstanding = new LinkedHashMap<>();

  Offers(Cluster cluster, EventLoop loop, MasterSettings settings, InverseOffers inverse) {
    this.cluster = cluster;
    this.loop = loop;
    this.settings = settings;
    this.allocator = new Allocator(cluster);
    this.inverse = inverse;
  }

  /** What frameworks are asked to leave. */
  InverseOffers inverse() {
    return inverse;
  }

  /** Offers what is free on any agent, and asks for what is to be left. */
  void makeAll() {
    make(cluster.offerable());
    inverse.make();
  }

  /** Offers what is free on {@code agents}, in one event for each framework. */
  void make(Collection<AgentSlot> agents) {
    var events = new LinkedHashMap<Framework, Event.Offers.Builder>();
    for (var grant : allocator.allocate(agents, loop.nanoTime())) {
      var offer =
          new OutstandingOffer(
              cluster.newOfferId(),
              grant.framework(),
              grant.role(),
              grant.agent(),
              grant.resources());
      outstanding.put(offer.id(), offer);
      offer.framework().offers().put(offer.id(), offer);
      offer.agent().offers().put(offer.id(), offer);
      events
          .computeIfAbsent(offer.framework(), any -> Event.Offers.newBuilder())
          .addOffers(toProto(offer));
    }
    events.forEach(
        (framework, offers) ->
            framework.send(
                Event.newBuilder().setType(Event.Type.OFFERS).setOffers(offers).build()));
  }

  /** An offer that its framework may still answer. */
  Optional<OutstandingOffer> find(String id) {
    return Optional.ofNullable(outstanding.get(id));
  }

  /** Takes an offer back from the framework's hands without a word; its resources stay taken. */
  void close(OutstandingOffer offer) {
    outstanding.remove(offer.id());
    offer.framework().offers().remove(offer.id());
    offer.agent().offers().remove(offer.id());
  }

  /** Ends an offer; its resources are free again. */
  void discard(OutstandingOffer offer) {
    close(offer);
    cluster.release(offer.framework(), offer.role(), offer.agent(), offer.resources());
  }

  /** Ends an offer that was refused. */
  void decline(OutstandingOffer offer, Filters filters) {
    discard(offer);
    refuse(offer.framework(), offer.role(), offer.agent(), offer.resources(), filters);
  }

  /** Remembers that a framework does not want these resources for a while. */
  void refuse(
      Framework framework, String role, AgentSlot agent, Resources resources, Filters filters) {
    framework
        .refusals()
        .add(role, agent.id(), resources, filters, loop.nanoTime(), settings.allocationInterval());
  }

  /** Ends an offer and tells its framework. */
  void rescind(OutstandingOffer offer) {
    discard(offer);
    var rescind = Event.Rescind.newBuilder();
    rescind.getOfferIdBuilder().setValue(offer.id());
    offer
        .framework()
        .send(Event.newBuilder().setType(Event.Type.RESCIND).setRescind(rescind).build());
  }

  /** Ends all offers of a framework that no longer listens. */
  void discardAll(Framework framework) {
    List.copyOf(framework.offers().values()).forEach(this::discard);
    inverse.discardAll(framework);
  }

  Offer toProto(OutstandingOffer offer) {
    var framework = offer.framework();
    var info = offer.agent().info();
    boolean multiRole = framework.can(Capability.Type.MULTI_ROLE);
    var builder =
        Offer.newBuilder()
            .setAgentId(info.getId())
            .setHostname(info.getHostname())
            .setUrl(
                URL.newBuilder()
                    .setScheme("http")
                    .setAddress(
                        Address.newBuilder()
                            .setHostname(info.getHostname())
                            .setIp(AgentSlot.IP)
                            .setPort(info.getPort()))
                    .setPath("/slave(1)"))
            .addAllAttributes(info.getAttributesList())
            .addAllResources(
                offer
                    .resources()
                    .toProto(
                        multiRole ? Optional.of(offer.role()) : Optional.empty(),
                        !framework.can(Capability.Type.RESERVATION_REFINEMENT)));
    cluster
        .machines()
        .unavailability(offer.agent().machine())
        .ifPresent(builder::setUnavailability);
    builder.getIdBuilder().setValue(offer.id());
    builder.getFrameworkIdBuilder().setValue(framework.id());
    if (multiRole) {
      builder.getAllocationInfoBuilder().setRole(offer.role());
    }
    return builder.build();
  }
}
