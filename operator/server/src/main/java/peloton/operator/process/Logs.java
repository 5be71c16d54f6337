package peloton.operator.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
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

  /** Writes an event as a line of JSON, for programs that collect logs. */
  static void json() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context
          .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
          .iteratorForAppenders()
          .forEachRemaining(
              appender -> {
                if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
                  JsonEncoder encoder = new JsonEncoder();
                  encoder.setContext(context);
                  encoder.setWithArguments(false);
                  encoder.setWithMessage(false);
                  encoder.setWithFormattedMessage(true);
                  encoder.start();
                  stream.setEncoder(encoder);
                }
              });
    }
  }

  /**
   * Where calls that change something are told of.
   *
   * @param file grows by a line for each, and is put aside each day and at 100 MB; the last 30 days
   *     are kept. Absent to tell among the other logs
   */
  static Consumer<String> mutations(Optional<Path> file) {
    org.slf4j.Logger logger = LoggerFactory.getLogger("peloton.mutations");
    if (file.isPresent() && logger instanceof ch.qos.logback.classic.Logger own) {
      own.detachAndStopAllAppenders();
      own.setAdditive(false);
      own.setLevel(Level.INFO);
      own.addAppender(rolling(own.getLoggerContext(), file.get()));
    }
    return logger::info;
  }

  private static Appender<ILoggingEvent> rolling(LoggerContext context, Path file) {
    PatternLayoutEncoder line = new PatternLayoutEncoder();
    line.setContext(context);
    line.setPattern("%msg%n");
    line.start();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName("mutations");
    appender.setFile(file.toString());
    appender.setEncoder(line);
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
    policy.setContext(context);
    policy.setParent(appender);
    policy.setFileNamePattern(file + ".%d.%i.gz");
    policy.setMaxFileSize(FileSize.valueOf("100MB"));
    policy.setMaxHistory(30);
    policy.start();
    appender.setRollingPolicy(policy);
    appender.start();
    return appender;
  }
}
