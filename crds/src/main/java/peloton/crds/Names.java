package peloton.crds;

/** The names that resources, manifests and controllers agree on. */
public final class Names {
  public static final String GROUP = "peloton.dev";
  public static final String VERSION = "v1alpha1";

  /** {@code kubectl get peloton} lists what is in this category. */
  public static final String CATEGORY = "peloton";

  /** Keeps a resource until what it stands for is gone. */
  public static final String FINALIZER = GROUP + "/finalizer";

  /** The label that a job's selector names: its value is the job's id. */
  public static final String JOB_LABEL = GROUP + "/job";

  private Names() {}
}
