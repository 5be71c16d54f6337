package peloton.command.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What etcd counts, since it was started.
 *
 * @param puts keys written, in transactions or not
 * @param proposals entries of the Raft log that were committed
 * @param syncs of the write-ahead log
 * @param syncSeconds that these took together
 */
record EtcdMetrics(double puts, double proposals, double syncs, double syncSeconds) {

  /** Reads them. */
  static EtcdMetrics of(String address) {
    String text = get("http://" + address + "/metrics");
    Map<String, Double> values = parse(text);
    return new EtcdMetrics(
        require(values, "etcd_mvcc_put_total", "etcd_debugging_mvcc_put_total"),
        require(values, "etcd_server_proposals_committed_total"),
        require(values, "etcd_disk_wal_fsync_duration_seconds_count"),
        require(values, "etcd_disk_wal_fsync_duration_seconds_sum"));
  }

  EtcdMetrics minus(EtcdMetrics earlier) {
    return new EtcdMetrics(
        puts - earlier.puts,
        proposals - earlier.proposals,
        syncs - earlier.syncs,
        syncSeconds - earlier.syncSeconds);
  }

  /** The values of a page in the Prometheus text format that carry no labels. */
  static Map<String, Double> parse(String text) {
    Map<String, Double> values = new HashMap<>();
    for (String line : text.split("\n")) {
      int space = line.indexOf(' ');
      if (line.startsWith("#") || space < 0 || line.contains("{")) {
        continue;
      }
      try {
        values.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1).strip()));
      } catch (NumberFormatException e) {
        // A time stamp may follow the value; etcd writes none.
        continue;
      }
    }
    return values;
  }

  /** Fetches a page as text. */
  static String get(String url) {
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
                  HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new BenchFailure(url + " answers " + response.statusCode());
      }
      return response.body();
    } catch (IOException e) {
      throw new BenchFailure(url + " does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  private static double require(Map<String, Double> values, String... names) {
    for (String name : names) {
      Double value = values.get(name);
      if (value != null) {
        return value;
      }
    }
    throw new BenchFailure("etcd does not count " + String.join(" or ", names));
  }
}
