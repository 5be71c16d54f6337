package peloton.controllers.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.crds.status.Condition;
import peloton.desired.ApiException;
import peloton.desired.Violation;

class ConditionsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.5Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonGivesConditionsThatKstatusUnderstands(Reason reason) {
    List<Condition> conditions = Conditions.next(List.of(), new Verdict(reason, "why"), 3, NOW);

    String said =
        String.join(
            " ", conditions.stream().map(each -> each.type() + "=" + each.status()).toList());
    assertThat(said)
        .isEqualTo(
            switch (reason.situation()) {
              case READY -> "Ready=True";
              case RECONCILING ->
                  (reason == Reason.Pending ? "Ready=Unknown" : "Ready=False")
                      + " Reconciling=True";
              case STALLED -> "Ready=False Stalled=True";
            });
    assertThat(conditions)
        .allSatisfy(
            each -> {
              assertThat(each.reason()).isEqualTo(reason.name());
              assertThat(each.message()).isEqualTo("why");
              assertThat(each.observedGeneration()).isEqualTo(3);
              assertThat(each.lastTransitionTime()).isEqualTo("2026-03-01T12:00:00Z");
            });
  }

  @Test
  void timeMovesOnlyWhenAStatusDoes() {
    List<Condition> creating =
        Conditions.next(List.of(), new Verdict(Reason.Creating, "1/3"), 1, NOW);
    List<Condition> further =
        Conditions.next(creating, new Verdict(Reason.Creating, "2/3"), 1, LATER);
    List<Condition> ready =
        Conditions.next(further, new Verdict(Reason.PodsReady, "3/3"), 1, LATER);

    assertThat(further).extracting(Condition::lastTransitionTime).containsOnly(time(NOW));
    assertThat(further).extracting(Condition::message).containsOnly("2/3");
    assertThat(ready).extracting(Condition::lastTransitionTime).containsExactly(time(LATER));
  }

  @Test
  void nothingNewGivesTheSameConditions() {
    Verdict verdict = new Verdict(Reason.PodsReady, "3/3");
    List<Condition> conditions = Conditions.next(List.of(), verdict, 1, NOW);

    assertThat(Conditions.next(conditions, verdict, 1, LATER)).isEqualTo(conditions);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "INVALID_ARGUMENT, InvalidSpec",
    "OUT_OF_RANGE, InvalidSpec",
    "UNIMPLEMENTED, NotSupported",
    "ALREADY_EXISTS, NotOwned",
    "FAILED_PRECONDITION, Refused",
    "NOT_FOUND, StoreUnavailable",
    "ABORTED, StoreUnavailable",
    "CANCELLED, StoreUnavailable",
    "UNAVAILABLE, StoreUnavailable",
    "RESOURCE_EXHAUSTED, StoreUnavailable",
    "INTERNAL, InternalError",
  })
  void aRefusedWriteIsStalledOnlyIfTryingAgainCannotHelp(ApiException.Code code, Reason expected) {
    Verdict verdict = Verdict.of(new ApiException(code, "because"));

    assertThat(verdict).isEqualTo(new Verdict(expected, "because"));
  }

  @Test
  void ofManyProblemsTheFirstAreNamed() {
    Violation violation = Violation.invalid("spec.x", "1", "must be 2");

    assertThat(Verdict.of(List.of(violation)))
        .isEqualTo(new Verdict(Reason.InvalidSpec, "spec.x: given 1; must be 2"));
    assertThat(Verdict.of(java.util.Collections.nCopies(7, violation)).message())
        .endsWith("| and 2 more");
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }
}
