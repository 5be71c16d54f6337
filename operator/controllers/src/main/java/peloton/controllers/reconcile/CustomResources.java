package peloton.controllers.reconcile;

import io.fabric8.kubernetes.client.CustomResource;

/**
 * What controllers write to Kubernetes: a finalizer, a status, and events; never a specification.
 * Calls return when the write is made.
 */
public interface CustomResources {

  /**
   * Adds the finalizer to a resource that is as it was read.
   *
   * @throws ResourceConflictException if it has changed since, or is gone
   */
  void addFinalizer(CustomResource<?, ?> resource);

  /**
   * Takes the finalizer away from a resource that is as it was read; Kubernetes may forget it then.
   *
   * @throws ResourceConflictException if it has changed since, or is gone
   */
  void removeFinalizer(CustomResource<?, ?> resource);

  /**
   * Replaces the status of a resource, whatever it is now.
   *
   * @throws ResourceConflictException if the resource is gone, or another of its name is there
   */
  <T> void writeStatus(CustomResource<?, T> resource, T status);

  /** Tells people what happened to a resource. Never fails: an event may be lost. */
  void tell(CustomResource<?, ?> resource, Occasion occasion);

  /**
   * Something worth telling.
   *
   * @param warning whether somebody has to do something about it
   * @param reason one word
   */
  record Occasion(boolean warning, String reason, String message) {}
}
