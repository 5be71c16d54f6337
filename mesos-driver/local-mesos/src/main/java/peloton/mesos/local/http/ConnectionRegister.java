package peloton.mesos.local.http;

import java.util.Set;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.IOSessionListener;

/** Keeps the set of open connections. */
final class ConnectionRegister implements IOSessionListener {

  private final Set<IOSession> open;

  ConnectionRegister(Set<IOSession> open) {
    this.open = open;
  }

  @Override
  public void connected(IOSession session) {
    open.add(session);
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
    open.remove(session);
  }
}
