package peloton.mesos.local.master;

import peloton.mesos.local.resources.Resources;

/** An offer that its framework may still answer. */
record OutstandingOffer(
    String id, Framework framework, String role, AgentSlot agent, Resources resources) {

  @Override
  public boolean equals(Object other) {
    return other instanceof OutstandingOffer that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
