package peloton.operator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static peloton.operator.TestCluster.POOL;
import static peloton.operator.TestCluster.goal;
import static peloton.operator.TestCluster.label;
import static peloton.operator.TestCluster.request;
import static peloton.operator.TestCluster.spec;

import com.google.protobuf.Timestamp;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.QuerySpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsResponse;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.peloton.Peloton.TimeRange;
import peloton.api.v1alpha.query.Query.OrderBy;
import peloton.api.v1alpha.query.Query.PaginationSpec;
import peloton.api.v1alpha.query.Query.PropertyPath;
import peloton.api.v1alpha.respool.Respool.ResourcePoolPath;
import peloton.desired.ApiException;
import peloton.operator.TestCluster;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.store.view.RecordKey;

class JobQueryTest {
  private static final String BATCH_POOL = "88888888-2222-3333-4444-555555555555";
  private static final long SECOND = 1_000_000_000L;

  private final TestCluster cluster = TestCluster.started();
  private final JobQuery query = new JobQuery(cluster.index, cluster.jobs);

  @BeforeEach
  void createJobs() {
    cluster.write(new RecordKey.Pool(BATCH_POOL), TestCluster.pool("batch", POOL));
    create("a", 1, spec(3).setName("web-front").setOwner("ann").setDescription("Pages"));
    create("b", 2, spec(1).setName("web-back").setOwner("bob").addLabels(label("team", "x")));
    create("c", 3, spec(9).setName("Mail").setOwner("ann").setRespoolId(pool(BATCH_POOL)));
    state("a", JobState.JOB_STATE_RUNNING, 0);
    state("b", JobState.JOB_STATE_KILLED, 70);
  }

  @Test
  void withoutConditionsAllJobsComeNewestFirst() {
    assertThat(names(QuerySpec.newBuilder())).containsExactly("Mail", "web-back", "web-front");
  }

  static Stream<Arguments> conditions() {
    return Stream.of(
        condition("web-front", QuerySpec.newBuilder().addJobStates(JobState.JOB_STATE_RUNNING)),
        condition("Mail", QuerySpec.newBuilder().addJobStates(JobState.JOB_STATE_INITIALIZED)),
        condition(
            "web-back,web-front",
            QuerySpec.newBuilder()
                .addJobStates(JobState.JOB_STATE_RUNNING)
                .addJobStates(JobState.JOB_STATE_KILLED)),
        condition("Mail,web-front", QuerySpec.newBuilder().setOwner("ann")),
        condition("", QuerySpec.newBuilder().setOwner("an")),
        condition("web-back,web-front", QuerySpec.newBuilder().setName("eb-")),
        condition("", QuerySpec.newBuilder().setName("mail")),
        condition("Mail", QuerySpec.newBuilder().addKeywords("MAIL")),
        condition("web-front", QuerySpec.newBuilder().addKeywords("web").addKeywords("pages")),
        condition("web-back", QuerySpec.newBuilder().addKeywords("team=x")),
        condition("web-back", QuerySpec.newBuilder().addLabels(label("team", "x"))),
        condition("", QuerySpec.newBuilder().addLabels(label("other", "x"))),
        condition("web-back", QuerySpec.newBuilder().addLabels(label("", "x"))),
        condition("Mail", QuerySpec.newBuilder().setRespool(path("/infrastructure/batch"))),
        // A pool's own jobs, and not those of the pools below it.
        condition("web-back,web-front", QuerySpec.newBuilder().setRespool(path("/infrastructure"))),
        condition("", QuerySpec.newBuilder().setRespool(path("/"))),
        condition("web-back", QuerySpec.newBuilder().setCreationTimeRange(range(2, 3))),
        condition("web-back", QuerySpec.newBuilder().setCompletionTimeRange(range(0, 100))),
        condition("", QuerySpec.newBuilder().setCompletionTimeRange(range(0, 70))));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void everyConditionMustHold(String expected, QuerySpec spec) {
    assertThat(String.join(",", names(spec.toBuilder()))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "name, 'Mail,web-back,web-front'",
    "config.instanceCount, 'web-back,web-front,Mail'",
    "runtime.creationTime, 'web-front,web-back,Mail'",
    "creation_time, 'web-front,web-back,Mail'",
    "state, 'Mail,web-back,web-front'",
    "completion_time, 'Mail,web-front,web-back'",
    "respool_id, 'Mail,web-back,web-front'",
    "job_id, 'web-front,web-back,Mail'",
  })
  void propertiesOrderAscendingOrDescending(String property, String expected) {
    assertThat(String.join(",", names(ordered(property, OrderBy.Order.ORDER_BY_ASC))))
        .isEqualTo(expected);
  }

  @Test
  void theNextPropertyBreaksTies() {
    QuerySpec.Builder spec = ordered("owner", OrderBy.Order.ORDER_BY_DESC);
    spec.getPaginationBuilder().addOrderBy(order("instanceCount", OrderBy.Order.ORDER_BY_DESC));

    assertThat(names(spec)).containsExactly("web-back", "Mail", "web-front");
  }

  @Test
  void aPageHasItsPartOfTheResultsAndTheirTotal() {
    QueryJobsResponse page = page(1, 1, 0);

    assertThat(page.getRecordsList()).extracting(JobSummary::getName).containsExactly("web-back");
    assertThat(page.getPagination().getOffset()).isEqualTo(1);
    assertThat(page.getPagination().getLimit()).isEqualTo(1);
    assertThat(page.getPagination().getTotal()).isEqualTo(3);
    assertThat(page.getSpec().getPagination().getLimit()).isEqualTo(1);
    assertThat(page(0, 0, 2).getRecordsCount()).isEqualTo(2);
    assertThat(page(0, 0, 2).getPagination().getTotal()).isEqualTo(2);
    assertThat(page(-1, -1, 0).getRecordsList()).isEmpty();
  }

  @Test
  void withoutALimitTenOfAtMostAHundredComeBack() {
    for (int i = 0; i < 120; i++) {
      create("n" + i, 100 + i, spec(1).setName("n"));
    }

    QueryJobsResponse all = answer(QuerySpec.newBuilder().setName("n"));

    assertThat(all.getRecordsCount()).isEqualTo(10);
    assertThat(all.getPagination().getTotal()).isEqualTo(100);
    assertThat(answer(ordered("name", OrderBy.Order.ORDER_BY_ASC)).getPagination().getTotal())
        .isEqualTo(100);
  }

  @Test
  void theIndexFollowsJobsThatChangeAndGo() {
    cluster.write(
        new RecordKey.JobSpec("a", 2),
        JobSpecRecord.newBuilder().setVersion(2).setSpec(spec(1).setName("new")).build(),
        new RecordKey.JobGoal("a"),
        goal(2, 1, 2, 1).setCreatedAt(SECOND).build());
    cluster.deleteJob("c");

    assertThat(names(QuerySpec.newBuilder())).containsExactly("web-back", "new");
    assertThat(names(QuerySpec.newBuilder().setOwner("ann"))).isEmpty();
    assertThat(names(QuerySpec.newBuilder().setOwner("me"))).containsExactly("new");
  }

  @Test
  void aChangeThatNoQueryCanTellLeavesTheJobInTheIndex() {
    cluster.write(
        new RecordKey.JobGoal("a"), goal(1, 1, 1, 1).setCreatedAt(SECOND).setRefresh(1).build());

    assertThat(names(QuerySpec.newBuilder())).containsExactly("Mail", "web-back", "web-front");
    assertThat(names(QuerySpec.newBuilder().setOwner("ann"))).containsExactly("Mail", "web-front");
  }

  @Test
  void nonsenseIsRefusedByItsField() {
    assertRefused(QuerySpec.newBuilder().setRespool(path("/nowhere")), "spec.respool");
    assertRefused(QuerySpec.newBuilder().setRespool(path("batch")), "spec.respool");
    assertRefused(QuerySpec.newBuilder().addJobStatesValue(0), "spec.job_states");
    assertRefused(QuerySpec.newBuilder().addJobStatesValue(99), "spec.job_states");
    assertRefused(
        QuerySpec.newBuilder().setCreationTimeRange(range(3, 2)), "spec.creation_time_range");
    assertRefused(
        QuerySpec.newBuilder().setCompletionTimeRange(TimeRange.getDefaultInstance()),
        "spec.completion_time_range.min");
    assertRefused(
        QuerySpec.newBuilder()
            .setCreationTimeRange(
                TimeRange.newBuilder()
                    .setMin(Timestamp.newBuilder().setNanos(-1))
                    .setMax(Timestamp.getDefaultInstance())),
        "spec.creation_time_range.min");
    assertRefused(ordered("shoe_size", OrderBy.Order.ORDER_BY_ASC), "order_by[0].property");
    assertRefused(ordered("name", OrderBy.Order.UNRECOGNIZED), "order_by[0].order");
  }

  private void assertRefused(QuerySpec.Builder spec, String field) {
    ApiException refusal = catchThrowableOfType(ApiException.class, () -> answer(spec));
    assertThat(refusal).as(field).isNotNull();
    assertThat(refusal.code()).isEqualTo(ApiException.Code.INVALID_ARGUMENT);
    assertThat(refusal).hasMessageContaining(field);
  }

  private void create(String id, long second, JobSpec.Builder spec) {
    cluster.write(
        new RecordKey.JobSpec(id, 1),
        JobSpecRecord.newBuilder().setVersion(1).setSpec(spec).build(),
        new RecordKey.JobGoal(id),
        goal(1, 1, 1, 1).setCreatedAt(second * SECOND).build(),
        new RecordKey.WorkflowRequest(id, 1),
        request(1, 1, 0).build());
  }

  private void state(String id, JobState state, long completed) {
    cluster.write(
        new RecordKey.JobStatus(id),
        JobStatusRecord.newBuilder().setState(state).setCompletedAt(completed * SECOND).build());
  }

  private QueryJobsResponse answer(QuerySpec.Builder spec) {
    return query.answer(
        QueryJobsRequest.newBuilder().setSpec(spec).build(), cluster.view.records());
  }

  private List<String> names(QuerySpec.Builder spec) {
    return answer(spec).getRecordsList().stream().map(JobSummary::getName).toList();
  }

  private QueryJobsResponse page(int offset, int limit, int most) {
    return answer(
        QuerySpec.newBuilder()
            .setPagination(
                PaginationSpec.newBuilder().setOffset(offset).setLimit(limit).setMaxLimit(most)));
  }

  private static QuerySpec.Builder ordered(String property, OrderBy.Order order) {
    return QuerySpec.newBuilder()
        .setPagination(PaginationSpec.newBuilder().addOrderBy(order(property, order)));
  }

  private static OrderBy order(String property, OrderBy.Order order) {
    OrderBy.Builder by =
        OrderBy.newBuilder().setProperty(PropertyPath.newBuilder().setValue(property));
    return order == OrderBy.Order.UNRECOGNIZED
        ? by.setOrderValue(9).build()
        : by.setOrder(order).build();
  }

  private static Arguments condition(String expected, QuerySpec.Builder spec) {
    return Arguments.of(expected, spec.build());
  }

  private static ResourcePoolPath path(String path) {
    return ResourcePoolPath.newBuilder().setValue(path).build();
  }

  private static ResourcePoolID pool(String id) {
    return ResourcePoolID.newBuilder().setValue(id).build();
  }

  private static TimeRange range(long min, long max) {
    return TimeRange.newBuilder()
        .setMin(Timestamp.newBuilder().setSeconds(min))
        .setMax(Timestamp.newBuilder().setSeconds(max))
        .build();
  }
}
