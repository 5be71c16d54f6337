package peloton.loop;

import java.util.HashMap;
import java.util.Map;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.placement.Need;
import peloton.placement.Shape;

/** The shape of each specification, made once: the pods of a version share one specification. */
final class Shapes {
  /** Of a pod whose specification is not kept any more. */
  static final Shape UNKNOWN = Shape.of(new Need(0, 0, 0, 0, 0));

  private static final int MOST = 20_000;

  private final Map<PodSpec, Shape> known = new HashMap<>();

  Shape of(PodSpec spec) {
    Shape shape = known.get(spec);
    if (shape == null) {
      if (known.size() == MOST) {
        known.clear();
      }
      shape = Shape.of(spec);
      known.put(spec, shape);
    }
    return shape;
  }

  void clear() {
    known.clear();
  }
}
