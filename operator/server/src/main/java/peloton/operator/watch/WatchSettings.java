package peloton.operator.watch;

/**
 * What watches may cost.
 *
 * @param watches most watches at one time
 * @param buffer most messages kept for one watcher that does not keep up
 * @param readers most watches that read etcd's history for their start at one time
 */
public record WatchSettings(int watches, int buffer, int readers) {
  public static final WatchSettings DEFAULT = new WatchSettings(1000, 100, 4);
}
