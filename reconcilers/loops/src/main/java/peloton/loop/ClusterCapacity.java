package peloton.loop;

import peloton.entitlement.Amounts;

/** What the cluster has for this control plane; the root of the resource pools divides it. */
interface ClusterCapacity {
  Amounts total();
}
