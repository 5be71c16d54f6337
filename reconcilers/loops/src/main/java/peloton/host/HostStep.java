package peloton.host;

import peloton.api.v1alpha.host.Host.HostState;

/** What is to be done with a host next. */
public sealed interface HostStep {

  /** Its state is written down; everything that rests on it comes afterwards. */
  record Become(HostState state) implements HostStep {}

  /** It is in its new pool from now on, and up. */
  record JoinPool() implements HostStep {}

  /** Mesos is told to make no more offers of it. */
  record Withhold() implements HostStep {}

  /** Its pods are to run elsewhere, as many at a time as their jobs can do without. */
  record MovePods() implements HostStep {}

  /** Mesos takes it down. */
  record TakeDown() implements HostStep {}

  /** Mesos gives it back. */
  record BringUp() implements HostStep {}

  /** Its record goes: Mesos knows it no more, and nobody wants anything of it. */
  record Forget() implements HostStep {}

  /** It is as it should be, or it is somebody else's turn. */
  record Rest() implements HostStep {}
}
