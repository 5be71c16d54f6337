package peloton.mesos.local.http;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.apache.hc.core5.reactor.IOSession;

/**
 * Notices that a client has closed its side. The library goes on with an answer that has begun,
 * which for a stream of events would be until a write fails; Mesos takes it as the end of the
 * connection.
 */
final class EndOfInput implements InvocationHandler {

  private static final int END_OF_STREAM = -1;

  private final IOSession session;
  private final Consumer<IOSession> whenEnded;

  private EndOfInput(IOSession session, Consumer<IOSession> whenEnded) {
    this.session = session;
    this.whenEnded = whenEnded;
  }

  /** The same session, whose {@code read} tells of the end. */
  static IOSession watch(IOSession session, Consumer<IOSession> whenEnded) {
    return (IOSession)
        Proxy.newProxyInstance(
            EndOfInput.class.getClassLoader(),
            new Class<?>[] {IOSession.class},
            new EndOfInput(session, whenEnded));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    Object result;
    try {
      result = method.invoke(session, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (result instanceof Integer count
        && count == END_OF_STREAM
        && method.getName().equals("read")) {
      whenEnded.accept(session);
    }
    return result;
  }
}
