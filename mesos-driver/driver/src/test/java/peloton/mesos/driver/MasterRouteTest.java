package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MasterRouteTest {
  private static final MasterAddress A = new MasterAddress("a", 5050);
  private static final MasterAddress B = new MasterAddress("b", 5050);

  private final MasterRoute route = new MasterRoute(StaticMasters.parse("a, b:5050"), false);

  @Test
  void takesTurnsAmongTheConfiguredMasters() {
    List<MasterAddress> tried = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tried.add(route.next().orElseThrow());
      route.ended(false);
    }
    assertThat(tried).containsExactly(A, B, A, B);
  }

  @Test
  void startsAtTheSameMasterAfterASubscription() {
    route.ended(true);
    assertThat(route.next()).contains(A);
  }

  @Test
  void knowsNoMasterWhileTheDetectorKnowsNone() {
    List<MasterAddress> detected = new ArrayList<>();
    MasterRoute detecting = new MasterRoute(() -> List.copyOf(detected), false);
    assertThat(detecting.next()).isEmpty();
    detecting.ended(false);
    detected.add(B);
    assertThat(detecting.next()).contains(B);
  }

  @ParameterizedTest
  @CsvSource({
    "//leader:5051/api/v1/scheduler, leader:5051",
    "//leader:5051, leader:5051",
    "leader:5051, leader:5051",
    "leader, leader:5050",
    "http://leader:5051/api/v1/scheduler, leader:5051",
    "HTTP://Leader:5051, leader:5051",
    "http://10.0.0.7/, 10.0.0.7:5050",
    "//[fd00::7]:5051/api/v1/scheduler, [fd00::7]:5051",
  })
  void followsEveryFormOfLocation(String location, String leader) {
    assertThat(route.follow(A, location)).isEmpty();
    assertThat(route.next().orElseThrow()).hasToString(leader);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://leader:5051/",
        "ftp://leader",
        "",
        "/api/v1/scheduler",
        "//",
        "//leader:0",
        "//leader:65536",
        "//leader:port",
        "//leader:",
        "//user@leader:5050",
        "//fd00::7:5051"
      })
  void refusesALocationThatIsNoMaster(String location) {
    assertThat(route.follow(A, location)).isPresent();
    assertThat(route.next()).contains(A);
  }

  @Test
  void staysWithTlsWhereItIsSpoken() {
    MasterRoute secure = new MasterRoute(StaticMasters.parse("a"), true);
    assertThat(secure.follow(A, "http://leader:5051/"))
        .hasValueSatisfying(why -> assertThat(why).contains("as https:// only"));
    assertThat(secure.next()).contains(A);
    assertThat(secure.follow(A, "HTTPS://leader:5051/api/v1")).isEmpty();
    assertThat(secure.next().orElseThrow()).hasToString("leader:5051");
    assertThat(secure.follow(A, "//other:5051")).isEmpty();
    assertThat(secure.next().orElseThrow()).hasToString("other:5051");
  }

  @Test
  void forgetsARedirectWhenTheAttemptEnds() {
    route.follow(A, "leader:5051");
    route.ended(true);
    assertThat(route.next()).contains(A);
  }

  @Test
  void followsAnUnknownMasterOnlyBackToAConfiguredOne() {
    MasterAddress stranger = new MasterAddress("stranger", 5050);
    assertThat(route.follow(A, "stranger")).isEmpty();
    assertThat(route.follow(stranger, "elsewhere"))
        .hasValueSatisfying(why -> assertThat(why).contains("neither is a configured master"));
    assertThat(route.follow(stranger, "b")).isEmpty();
    assertThat(route.next()).contains(B);
  }

  @Test
  void followsFiveRedirectsInARow() {
    for (int i = 0; i < 5; i++) {
      assertThat(route.follow(A, "//b:5050")).isEmpty();
    }
    assertThat(route.follow(A, "//b:5050"))
        .hasValueSatisfying(why -> assertThat(why).contains("more than 5 redirects"));
    route.ended(false);
    assertThat(route.follow(A, "//b:5050")).isEmpty();
  }
}
