package peloton.store.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A connection to etcd that a test can cut or make go dead, without touching etcd. */
final class TcpProxy implements AutoCloseable {
  private final ServerSocket server;
  private final InetSocketAddress target;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  TcpProxy(String target) {
    String[] parts = target.split(":");
    this.target = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::acceptAll);
  }

  String endpoint() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Closes every connection, and each new one at once, until {@link #restore}. */
  void cut() {
    refusing = true;
    pairs.forEach(Pair::close);
  }

  /** Lets connections through again. */
  void restore() {
    refusing = false;
  }

  /** Swallows whatever the present connections carry from now on; new ones work. */
  void deaden() {
    pairs.forEach(pair -> pair.dead = true);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pairs.forEach(Pair::close);
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (refusing) {
          client.close();
          continue;
        }
        Pair pair = new Pair(client, new Socket(target.getAddress(), target.getPort()));
        pairs.add(pair);
        if (refusing) {
          pair.close();
        }
        daemon(() -> pair.copy(pair.client, pair.upstream));
        daemon(() -> pair.copy(pair.upstream, pair.client));
      } catch (IOException e) {
        // The proxy is closed, or etcd is away: the client sees its connection end.
      }
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private final class Pair {
    private final Socket client;
    private final Socket upstream;
    private volatile boolean dead;

    private Pair(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    private void copy(Socket from, Socket to) {
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] bytes = new byte[64 << 10];
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
          if (!dead) {
            out.write(bytes, 0, read);
          }
        }
      } catch (IOException e) {
        // One side is gone: so is the pair.
      } finally {
        close();
      }
    }

    private void close() {
      pairs.remove(this);
      try {
        client.close();
        upstream.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
