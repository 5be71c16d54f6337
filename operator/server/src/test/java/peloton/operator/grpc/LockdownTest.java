package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.spec;
import static peloton.operator.grpc.Statuses.all;
import static peloton.operator.grpc.Statuses.assertFails;

import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.admin.svc.AdminSvc.LockdownRequest;
import peloton.api.v1alpha.admin.svc.AdminSvc.RemoveLockdownRequest;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.watch.Watch.StatelessJobFilter;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.operator.TestCluster;

class LockdownTest {
  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final AdminServiceGrpc.AdminServiceBlockingStub admin =
      AdminServiceGrpc.newBlockingStub(api.channel());
  private final JobServiceGrpc.JobServiceBlockingStub jobs =
      JobServiceGrpc.newBlockingStub(api.channel());

  @BeforeEach
  void createJob() {
    cluster.createJob(JOB, spec(1).build());
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void lockedWritesAreRefusedUntilTheyAreFreed() {
    assertThat(lock(Component.Write)).containsExactly(Component.Write);

    assertFails(this::refresh, Status.Code.FAILED_PRECONDITION, "Write APIs are locked down");
    assertThat(list()).isEqualTo(1);

    free(Component.Write);
    refresh();
    assertThat(cluster.job(JOB).goal().getRefresh()).isEqualTo(1);
  }

  @Test
  void lockedReadsAreRefusedAndSoAreNewWatches() {
    lock(Component.Read);

    assertFails(this::list, Status.Code.FAILED_PRECONDITION, "Read APIs are locked down");
    assertFails(
        () ->
            WatchServiceGrpc.newBlockingStub(api.channel())
                .watch(
                    WatchRequest.newBuilder()
                        .setStatelessJobFilter(StatelessJobFilter.getDefaultInstance())
                        .build())
                .hasNext(),
        Status.Code.FAILED_PRECONDITION,
        "Read");
    refresh();
    free(Component.Read);
    assertThat(list()).isEqualTo(1);
  }

  @Test
  void lockingTwiceWritesOnce() {
    lock(Component.Kill, Component.Launch);
    long revision = cluster.view.revision();

    assertThat(lock(Component.Launch)).containsExactly(Component.Launch);

    assertThat(cluster.view.revision()).isEqualTo(revision);
    assertThat(cluster.view.records().lockdown().getComponentsList())
        .containsExactly(Component.Kill, Component.Launch);
    free(Component.Kill, Component.Read);
    assertThat(cluster.view.records().lockdown().getComponentsList())
        .containsExactly(Component.Launch);
  }

  @Test
  void aComponentThatThereIsNotIsRefusedAndNothingIsLocked() {
    assertFails(
        () ->
            admin.lockdown(
                LockdownRequest.newBuilder()
                    .addComponents(Component.Write)
                    .addComponentsValue(77)
                    .build()),
        Status.Code.INVALID_ARGUMENT,
        "components",
        "77");
    assertThat(cluster.view.records().lockdown().getComponentsCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "JobService, GetJob, Read",
    "JobService, QueryPods, Read",
    "JobService, ListJobs, Read",
    "PodService, BrowsePodSandbox, Read",
    "ResourcePoolService, LookupResourcePoolID, Read",
    "WatchService, Watch, Read",
    "WatchService, Cancel, Read",
    "JobService, PatchJob, Write",
    "JobService, AbortJobWorkflow, Write",
    "PodService, RefreshPod, Write",
    "HostService, CompleteMaintenance, Write",
  })
  void readsAndWritesAreToldApartByName(String service, String method, Component expected) {
    assertThat(
            FuzzTest.everyMethod()
                .filter(each -> CompatibilityTest.name(each).equals(service + "/" + method))
                .map(LockdownInterceptor::component))
        .singleElement()
        .satisfies(component -> assertThat(component).contains(expected));
  }

  @Test
  void theAdminServiceIsNeverLocked() {
    assertThat(AdminServiceGrpc.getServiceDescriptor().getMethods())
        .allSatisfy(method -> assertThat(LockdownInterceptor.component(method)).isEmpty());
  }

  private List<Component> lock(Component... components) {
    return admin
        .lockdown(LockdownRequest.newBuilder().addAllComponents(List.of(components)).build())
        .getSuccessesList();
  }

  private void free(Component... components) {
    admin.removeLockdown(
        RemoveLockdownRequest.newBuilder().addAllComponents(List.of(components)).build());
  }

  private void refresh() {
    jobs.refreshJob(
        RefreshJobRequest.newBuilder().setJobId(JobID.newBuilder().setValue(JOB)).build());
  }

  private int list() {
    return all(jobs.listJobs(ListJobsRequest.getDefaultInstance())).size();
  }
}
