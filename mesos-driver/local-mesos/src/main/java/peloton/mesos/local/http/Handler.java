package peloton.mesos.local.http;

import java.util.concurrent.CompletionStage;

/** Answers the requests of one path; called on connection threads. */
interface Handler {

  CompletionStage<Answer> handle(Request request);
}
