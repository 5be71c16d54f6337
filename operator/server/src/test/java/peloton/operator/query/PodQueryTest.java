package peloton.operator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsResponse;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.QuerySpec;
import peloton.api.v1alpha.query.Query.OrderBy;
import peloton.api.v1alpha.query.Query.PaginationSpec;
import peloton.api.v1alpha.query.Query.PropertyPath;
import peloton.desired.ApiException;
import peloton.operator.TestCluster;
import peloton.store.view.RecordKey;

class PodQueryTest {
  private final TestCluster cluster = TestCluster.started();
  private final PodQuery query = new PodQuery(cluster.pods);

  /** Twelve instances: 0 to 4 run on hosts by turns, 5 and 6 failed, the others never ran. */
  @BeforeEach
  void createJob() {
    cluster.createJob(JOB, spec(12).build());
    for (int i = 0; i < 5; i++) {
      cluster.write(
          new RecordKey.Pod(JOB, i),
          pod(1, PodState.POD_STATE_RUNNING).setHost("h" + i % 2).setStartedAt(100 - i).build());
    }
    for (int i = 5; i < 7; i++) {
      cluster.write(
          new RecordKey.Pod(JOB, i),
          pod(1, PodState.POD_STATE_FAILED).setHost("h9").setReason("r" + i).build());
    }
  }

  @Test
  void withoutConditionsTheFirstTenInstancesComeAndTheTotalOfAll() {
    QueryPodsResponse response = answer(QuerySpec.newBuilder());

    assertThat(instances(response)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(response.getPagination().getTotal()).isEqualTo(12);
    assertThat(response.getPods(0).getSpec().getPodName().getValue()).isEqualTo(JOB + "-0");
    assertThat(response.getPods(9).getStatus().getState())
        .isEqualTo(PodState.POD_STATE_INITIALIZED);
  }

  @Test
  void statesHostsAndNamesMustAllHold() {
    assertThat(instances(answer(states(PodState.POD_STATE_FAILED)))).containsExactly(5, 6);
    assertThat(answer(states(PodState.POD_STATE_RUNNING)).getPagination().getTotal()).isEqualTo(5);
    assertThat(instances(answer(states(PodState.POD_STATE_INITIALIZED))))
        .containsExactly(7, 8, 9, 10, 11);
    assertThat(instances(answer(states(PodState.POD_STATE_RUNNING).addHosts("h1"))))
        .containsExactly(1, 3);
    assertThat(instances(answer(QuerySpec.newBuilder().addHosts("h1").addHosts("h9"))))
        .containsExactly(1, 3, 5, 6);
    assertThat(instances(answer(names(JOB + "-11", JOB + "-3", OTHER + "-1", JOB + "-99"))))
        .containsExactly(3, 11);
    assertThat(answer(states(PodState.POD_STATE_LOST)).getPagination().getTotal()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "instanceId, ORDER_BY_DESC, '11,10,9,8'",
    "creation_time, ORDER_BY_DESC, '0,1,2,3'",
    "host, ORDER_BY_DESC, '5,6,1,3'",
    "state, ORDER_BY_ASC, '5,6,7,8'",
    "reason, ORDER_BY_DESC, '6,5,0,1'",
    "name, ORDER_BY_ASC, '0,1,2,3'",
  })
  void propertiesOrderAndTheInstanceBreaksTies(
      String property, OrderBy.Order order, String expected) {
    QueryPodsResponse response =
        answer(
            QuerySpec.newBuilder()
                .setPagination(
                    PaginationSpec.newBuilder().setLimit(4).addOrderBy(order(property, order))));

    assertThat(instances(response).toString()).isEqualTo("[" + expected.replace(",", ", ") + "]");
    assertThat(response.getPagination().getTotal()).isEqualTo(12);
  }

  @Test
  void thePageOfTheSpecCountsBeforeThatOfTheRequest() {
    PaginationSpec first = PaginationSpec.newBuilder().setOffset(2).setLimit(3).build();
    PaginationSpec second = PaginationSpec.newBuilder().setOffset(11).setLimit(7).build();
    QueryPodsRequest.Builder request = request(QuerySpec.newBuilder()).setPagination(second);

    assertThat(instances(answer(request))).containsExactly(11);
    request.getSpecBuilder().setPagination(first);
    assertThat(instances(answer(request))).containsExactly(2, 3, 4);
  }

  @Test
  void aBoundOnTheResultsBoundsTheirTotal() {
    QueryPodsResponse response =
        answer(
            QuerySpec.newBuilder()
                .setPagination(PaginationSpec.newBuilder().setLimit(4).setMaxLimit(3)));

    assertThat(instances(response)).containsExactly(0, 1, 2);
    assertThat(response.getPagination().getTotal()).isEqualTo(3);
  }

  @Test
  void summariesLeaveTheSpecsOut() {
    QueryPodsResponse response = answer(request(QuerySpec.newBuilder()).setSummaryOnly(true));

    assertThat(response.getPodsList()).isNotEmpty().noneMatch(pod -> pod.hasSpec());
  }

  @Test
  void nonsenseIsRefusedByItsField() {
    assertRefused(QuerySpec.newBuilder().addPodStatesValue(0), "spec.pod_states");
    assertRefused(QuerySpec.newBuilder().addPodStatesValue(50), "spec.pod_states");
    assertRefused(names("nobody"), "spec.names[0]");
    assertRefused(
        QuerySpec.newBuilder()
            .setPagination(
                PaginationSpec.newBuilder()
                    .addOrderBy(order("shoe_size", OrderBy.Order.ORDER_BY_ASC))),
        "order_by[0].property");
  }

  private void assertRefused(QuerySpec.Builder spec, String field) {
    ApiException refusal = catchThrowableOfType(ApiException.class, () -> answer(spec));
    assertThat(refusal).as(field).isNotNull();
    assertThat(refusal.code()).isEqualTo(ApiException.Code.INVALID_ARGUMENT);
    assertThat(refusal).hasMessageContaining(field);
  }

  private QueryPodsResponse answer(QuerySpec.Builder spec) {
    return answer(request(spec));
  }

  private QueryPodsResponse answer(QueryPodsRequest.Builder request) {
    return query.answer(request.build(), cluster.job(JOB), cluster.view.records());
  }

  private static QueryPodsRequest.Builder request(QuerySpec.Builder spec) {
    return QueryPodsRequest.newBuilder().setSpec(spec);
  }

  private static QuerySpec.Builder states(PodState state) {
    return QuerySpec.newBuilder().addPodStates(state);
  }

  private static QuerySpec.Builder names(String... names) {
    QuerySpec.Builder spec = QuerySpec.newBuilder();
    for (String name : names) {
      spec.addNames(PodName.newBuilder().setValue(name));
    }
    return spec;
  }

  private static OrderBy order(String property, OrderBy.Order order) {
    return OrderBy.newBuilder()
        .setProperty(PropertyPath.newBuilder().setValue(property))
        .setOrder(order)
        .build();
  }

  private static List<Integer> instances(QueryPodsResponse response) {
    return response.getPodsList().stream()
        .map(pod -> pod.getStatus().getPodId().getValue())
        .map(id -> Integer.valueOf(id.split("-")[5]))
        .toList();
  }
}
