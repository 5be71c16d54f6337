package peloton.mesos.local.http;

import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.IOSessionListener;

/** The open connections, so that they can be cut. */
final class Connections implements IOSessionListener {

  private final ConcurrentMap<String, Connection> open = new ConcurrentHashMap<>();
  private final Set<SocketAddress> streaming = ConcurrentHashMap.newKeySet();

  /** The address is kept because a session forgets it when it closes. */
  private record Connection(IOSession session, SocketAddress client) {}

  /** Cuts the connection from one client's address, as when a process dies. */
  void cut(SocketAddress client) {
    for (var connection : open.values()) {
      if (connection.client().equals(client)) {
        connection.session().close(CloseMode.IMMEDIATE);
      }
    }
  }

  /** A stream of events goes to this client from now on. */
  void streaming(SocketAddress client) {
    streaming.add(client);
  }

  /** The client of this connection sends no more: nobody is there to read a stream of events. */
  void endOfInput(IOSession session) {
    var connection = open.get(session.getId());
    if (connection != null && streaming.contains(connection.client())) {
      session.close(CloseMode.IMMEDIATE);
    }
  }

  void cutAll() {
    open.values().forEach(connection -> connection.session().close(CloseMode.IMMEDIATE));
  }

  @Override
  public void connected(IOSession session) {
    var client = session.getRemoteAddress();
    if (client != null) {
      open.put(session.getId(), new Connection(session, client));
    }
  }

  @Override
  public void startTls(IOSession session) {}

  @Override
  public void inputReady(IOSession session) {}

  @Override
  public void outputReady(IOSession session) {}

  @Override
  public void timeout(IOSession session) {}

  @Override
  public void exception(IOSession session, Exception ex) {}

  @Override
  public void disconnected(IOSession session) {
    var connection = open.remove(session.getId());
    if (connection != null) {
      streaming.remove(connection.client());
    }
  }
}
