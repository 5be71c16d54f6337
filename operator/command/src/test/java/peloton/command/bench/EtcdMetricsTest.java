package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EtcdMetricsTest {

  @Test
  void readsWhatHasNoLabels() {
    String page =
        """
        # HELP etcd_mvcc_put_total Total number of puts seen by this member.
        # TYPE etcd_mvcc_put_total counter
        etcd_mvcc_put_total 1.234567e+06
        etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 3
        etcd_disk_wal_fsync_duration_seconds_sum 0.5
        go_info{version="go1.19.8"} 1
        strange NaN
        """;
    assertThat(EtcdMetrics.parse(page))
        .containsEntry("etcd_mvcc_put_total", 1_234_567.0)
        .containsEntry("etcd_disk_wal_fsync_duration_seconds_sum", 0.5)
        .containsOnlyKeys(
            "etcd_mvcc_put_total", "etcd_disk_wal_fsync_duration_seconds_sum", "strange");
  }

  @Test
  void countsWhatHappenedInBetween() {
    EtcdMetrics before = new EtcdMetrics(100, 20, 10, 0.5);
    assertThat(new EtcdMetrics(300, 25, 14, 0.75).minus(before))
        .isEqualTo(new EtcdMetrics(200, 5, 4, 0.25));
  }
}
