package peloton.admission;

import java.util.Optional;
import peloton.entitlement.ResourceKind;

/** A pool in the tree, with the sums over all pods in and below it. The root has no definition. */
final class Node {
  final String id;
  final Optional<PoolDefinition> definition;
  final Node parent;
  final int index;
  boolean leaf = true;

  final long[] charged = new long[ResourceKind.COUNT];
  final long[] revocable = new long[ResourceKind.COUNT];
  final long[] leaving = new long[ResourceKind.COUNT];
  final long[] waiting = new long[ResourceKind.COUNT];

  Node(String id, Optional<PoolDefinition> definition, Node parent, int index) {
    this.id = id;
    this.definition = definition;
    this.parent = parent;
    this.index = index;
    if (parent != null) {
      parent.leaf = false;
    }
  }

  /** Adds a pod here and above, or with a sign of -1 takes it out. */
  void count(PodClass pod, Member.Stage stage, int sign) {
    for (Node node = this; node != null; node = node.parent) {
      if (stage == Member.Stage.WAITING) {
        pod.need().addTo(node.waiting, sign);
        continue;
      }
      pod.need().addTo(node.charged, sign);
      if (pod.revocable()) {
        pod.need().addTo(node.revocable, sign);
      }
      if (stage == Member.Stage.LEAVING) {
        pod.need().addTo(node.leaving, sign);
      }
    }
  }
}
