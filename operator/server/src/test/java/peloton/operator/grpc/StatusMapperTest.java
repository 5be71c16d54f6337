package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.desired.ApiException;
import peloton.store.StoreException;

class StatusMapperTest {
  private final StatusMapper mapper = new StatusMapper(() -> "ref-1");

  @ParameterizedTest
  @EnumSource(ApiException.Code.class)
  void everyCodeKeepsItsNameItsTextAndItsReason(ApiException.Code code) throws Exception {
    StatusRuntimeException mapped =
        mapper.map(new CompletionException(new ApiException(code, "field: given; allowed")));

    assertThat(mapped.getStatus().getCode().name()).isEqualTo(code.name());
    assertThat(mapped.getStatus().getDescription()).isEqualTo("field: given; allowed");
    com.google.rpc.Status details = StatusProto.fromThrowable(mapped);
    ErrorInfo info = details.getDetails(0).unpack(ErrorInfo.class);
    assertThat(info.getReason()).isEqualTo(code.name());
    assertThat(info.getDomain()).isEqualTo("peloton");
    assertThat(details.getDetailsList().stream().anyMatch(d -> d.is(RetryInfo.class)))
        .isEqualTo(code == ApiException.Code.UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, UNAVAILABLE",
    "COMPACTED, OUT_OF_RANGE",
    "EXHAUSTED, RESOURCE_EXHAUSTED",
    "NOT_FOUND, INTERNAL",
    "INVALID, INTERNAL",
  })
  void theStoresFailuresBecomeWhatTheClientCanDo(StoreException.Code code, Status.Code expected) {
    assertThat(mapper.map(new StoreException(code, "why")).getStatus().getCode())
        .isEqualTo(expected);
  }

  @Test
  void aTimeoutIsUnavailable() {
    assertThat(mapper.map(new ExecutionException(new TimeoutException())).getStatus().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void whatNobodyExpectedShowsAReferenceAndNotItsCause() {
    StatusRuntimeException mapped = mapper.map(new IllegalStateException("secret detail"));

    assertThat(mapped.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(mapped.getStatus().getDescription())
        .contains("reference ref-1")
        .doesNotContain("secret detail");
  }

  @Test
  void aStatusIsPassedOn() {
    StatusRuntimeException given = Status.DATA_LOSS.withDescription("x").asRuntimeException();

    assertThat(mapper.map(given)).isSameAs(given);
  }

  @Test
  void aMessageIsCutToWhatFitsAHeader() {
    String text =
        mapper
            .map(new ApiException(ApiException.Code.INVALID_ARGUMENT, "x".repeat(100_000)))
            .getStatus()
            .getDescription();

    assertThat(text).hasSize(StatusMapper.MAX_MESSAGE).endsWith("…");
  }
}
