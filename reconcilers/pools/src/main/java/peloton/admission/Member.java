package peloton.admission;

/** One pod in the books. */
final class Member<P> {
  /** How far a pod is with its pool. */
  enum Stage {
    /** Waits to be let in; counts as demand. */
    WAITING,
    /** Was let in and has no task yet; charged. */
    ADMITTED,
    /** May have a task; charged. */
    PLACED,
    /** Its task is being killed; charged, and coming free. */
    LEAVING
  }

  final P pod;
  final Account<P> account;
  final PodClass podClass;
  final Stage stage;

  /** Since when it waits, or has a task; Unix nanoseconds. */
  final long since;

  Member(P pod, Account<P> account, PodClass podClass, Stage stage, long since) {
    this.pod = pod;
    this.account = account;
    this.podClass = podClass;
    this.stage = stage;
    this.since = since;
  }

  Member<P> at(Stage next, long from) {
    return new Member<>(pod, account, podClass, next, from);
  }
}
