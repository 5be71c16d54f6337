package peloton.mesos.local.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hc.core5.http.HttpResponseInterceptor;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.AsyncServerBootstrap;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.ssl.BasicServerTlsStrategy;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.master.Master;
import peloton.mesos.local.master.Sessions;

/** The listening socket of a local Mesos: its master's API and metrics, and its agents' files. */
public final class HttpFront implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpFront.class);
  private static final int IO_THREADS = 2;

  private final Connections connections = new Connections();
  private final ExecutorService orders =
      Executors.newSingleThreadExecutor(
          work -> {
            var thread = new Thread(work, "local-mesos-control");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpAsyncServer server;
  private final int port;
  private volatile boolean closing;
  private final Faults faults = new Faults();
  private final Optional<Access.Tls> tls;
  private volatile int leader;
  private volatile Leadership leadership = new Leadership.Leading();

  /**
   * Listens.
   *
   * @param address where; port 0 for any free one
   * @param workDir the agents' sandboxes are beneath it
   * @param streamCapacity the most events that may wait for one scheduler
   * @param control carries out what tests order, where {@code access} allows it
   * @throws UncheckedIOException when the address cannot be had
   */
  public HttpFront(
      InetSocketAddress address,
      Path workDir,
      int streamCapacity,
      Access access,
      Control control,
      Master master,
      Sessions sessions,
      EventLoop loop) {
    tls = access.tls();
    var files = new FilesApi(workDir);
    var ofAgents =
        new HashMap<String, Handler>(
            Map.<String, Handler>of(
                "/files/browse", files::browse,
                "/files/read", files::read,
                "/files/download", files::download,
                "/metrics/snapshot", new MetricsApi(master, loop)));
    if (access.control()) {
      ofAgents.put("/local/control", new ControlApi(control, orders));
    }
    var router =
        new Router(
            Map.of(
                "/api/v1",
                new OperatorApi(master, loop),
                "/api/v1/scheduler",
                new SchedulerApi(
                    master,
                    sessions,
                    loop,
                    streamCapacity,
                    access.credential().map(Access.Credential::principal),
                    faults)),
            ofAgents,
            () -> leadership,
            () -> leader,
            access.credential());
    var bootstrap =
        AsyncServerBootstrap.bootstrap()
            .setIOReactorConfig(
                IOReactorConfig.custom()
                    .setIoThreadCount(IO_THREADS)
                    .setTcpNoDelay(true)
                    .setSoReuseAddress(true)
                    .setSoTimeout(Timeout.DISABLED)
                    .build())
            .setHttpProcessor(
                new DefaultHttpProcessor(new HttpResponseInterceptor[] {new KeepAliveAnswers()}))
            .setRequestRouter((request, context) -> () -> new Exchange(router, connections))
            .setExceptionCallback(this::report)
            .setIOSessionListener(connections)
            .setIOSessionDecorator(session -> EndOfInput.watch(session, connections::endOfInput));
    tls.ifPresent(
        pem -> bootstrap.setTlsStrategy(new BasicServerTlsStrategy(PemFiles.context(pem))));
    server = bootstrap.create();
    server.start();
    port = listen(address);
    leader = port;
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** Listens on one more port, as another master does; it redirects to the one that leads. */
  public int listenAlso() {
    return listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Makes the master at one of our ports the one that leads. */
  public void lead(int leading) {
    leader = leading;
  }

  /** Cuts all streams of events in the middle of their next record. */
  public void cutInRecord() {
    faults.cutInRecord();
  }

  /** Loses the next so many acknowledgements. */
  public void loseAcknowledgements(int count) {
    faults.loseAcknowledgements(count);
  }

  /** Changes what the master's paths answer. */
  public void leadership(Leadership now) {
    leadership = now;
  }

  /** Cuts all connections at once, as when a process dies. */
  public void dropConnections() {
    connections.cutAll();
  }

  @Override
  public void close() {
    closing = true;
    orders.shutdownNow();
    dropConnections();
    server.close(CloseMode.IMMEDIATE);
    try {
      server.awaitShutdown(TimeValue.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Broken connections are everyday life; anything else is a fault of ours and ends a thread. */
  private void report(Exception failure) {
    if (closing || failure instanceof IOException || failure instanceof CancelledKeyException) {
      log.debug("A connection failed: {}", failure.toString());
    } else {
      log.error("A connection thread failed", failure);
    }
  }

  private int listen(InetSocketAddress address) {
    try {
      var endpoint =
          server.listen(address, tls.isPresent() ? URIScheme.HTTPS : URIScheme.HTTP).get();
      return ((InetSocketAddress) endpoint.getAddress()).getPort();
    } catch (ExecutionException e) {
      server.close(CloseMode.IMMEDIATE);
      throw new UncheckedIOException(
          new IOException("The local Mesos cannot listen on " + address, e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.close(CloseMode.IMMEDIATE);
      throw new IllegalStateException("Interrupted while starting to listen", e);
    }
  }
}
