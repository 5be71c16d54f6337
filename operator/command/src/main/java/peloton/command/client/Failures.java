package peloton.command.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import peloton.command.CommandException;

/** Puts a failed call into words. */
public final class Failures {
  /**
   * What a server says when a job has changed since its version was read; clients may rely on it.
   */
  private static final String STALE_VERSION = "unexpected entity version";

  private Failures() {}

  /** The code and message of the server, or that it could not be reached. */
  public static CommandException explain(StatusRuntimeException failure, String server) {
    Status status = failure.getStatus();
    String message = describe(status);
    switch (status.getCode()) {
      case UNAVAILABLE:
        if (isConnectionFailure(failure)) {
          return CommandException.unreachable(
              "cannot reach a server at "
                  + server
                  + " ("
                  + message
                  + "); is it running, and is --server or PELOTON_SERVER right?",
              failure);
        }
        return CommandException.unreachable(message, failure);
      case DEADLINE_EXCEEDED:
        return CommandException.unreachable(
            "no answer from " + server + " in time (--timeout): " + message, failure);
      default:
        return CommandException.refused(message, failure);
    }
  }

  /** {@code CODE: message}. */
  public static String describe(Status status) {
    return status.getDescription() == null
        ? status.getCode().name()
        : status.getCode() + ": " + status.getDescription();
  }

  /** True if the job has changed since its entity version was read. */
  public static boolean isStaleVersion(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    return status.getCode() == Status.Code.ABORTED
        && status.getDescription() != null
        && status.getDescription().contains(STALE_VERSION);
  }

  /** True if the same call may succeed a little later without anybody doing anything. */
  public static boolean isTransient(StatusRuntimeException failure) {
    Status.Code code = failure.getStatus().getCode();
    return code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
  }

  private static boolean isConnectionFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}
