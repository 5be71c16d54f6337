package peloton.operator.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Sets how much the operator itself logs; libraries stay at warnings. */
final class LogLevel {
  private LogLevel() {}

  /**
   * @param level error, warn, info, debug or trace
   */
  static void set(String level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("peloton").setLevel(Level.toLevel(level));
    }
  }
}
