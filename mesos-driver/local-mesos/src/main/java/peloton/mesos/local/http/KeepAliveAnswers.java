package peloton.mesos.local.http;

import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpResponseInterceptor;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Says how long the body is. Unlike the library's own rules it leaves a connection open after a 400
 * or 503, as Mesos does: requests that are already on their way must still be answered.
 */
final class KeepAliveAnswers implements HttpResponseInterceptor {

  @Override
  public void process(HttpResponse response, EntityDetails entity, HttpContext context) {
    if (entity == null) {
      response.setHeader("Content-Length", "0");
      return;
    }
    response.setHeader("Content-Type", entity.getContentType());
    if (entity.getContentLength() < 0) {
      response.setHeader("Transfer-Encoding", "chunked");
    } else {
      response.setHeader("Content-Length", entity.getContentLength());
    }
  }
}
