package peloton.operator.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets up the logs of the process. */
final class Logs {
  private Logs() {}

  /** Leads what libraries write to the JDK's own log, as gRPC does, into the one log. */
  static void unite() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /**
   * Sets how much the operator itself logs; libraries stay at warnings.
   *
   * @param level error, warn, info, debug or trace
   */
  static void level(String level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("peloton").setLevel(Level.toLevel(level));
    }
  }
}
