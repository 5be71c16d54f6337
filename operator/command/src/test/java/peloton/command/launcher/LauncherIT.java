package peloton.command.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.command.launcher.Checkout.Result;
import peloton.command.launcher.Checkout.Running;

class LauncherIT {

  private static final String BUILD = "-q package -DskipTests -Dspotless.check.skip";
  private static final String VERIFY = "verify --fail-at-end";

  /** Leaves the report of a test that passed. */
  private static final String ONE_TEST =
      "mkdir -p api/x/target/surefire-reports;"
          + "echo '<testsuite tests=\"1\">' >api/x/target/surefire-reports/TEST-A.xml;";

  @TempDir Path folder;
  private Checkout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new Checkout(folder);
  }

  @Test
  void handsItsArgumentsToJavaAsTheyAre() throws Exception {
    Result result = checkout.run("job", "get", "a b", "", "-o", "json");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("-X")
        .contains("|-Dpeloton.home=" + checkout.home() + "|")
        .endsWith(
            "|-cp|" + checkout.libraries() + "/*|peloton.command.Main|job|get|a b||-o|json|\n");
  }

  @Test
  void givesJavasExitCodeBack() throws Exception {
    assertThat(checkout.run(Map.of("JAVA_RC", "7"), "job", "list").exitCode()).isEqualTo(7);
  }

  @Test
  void letsTheUsersJvmOptionsWin() throws Exception {
    Result result = checkout.run(Map.of("PELOTON_JAVA_OPTS", "-Xmx99m  -Da=b"), "server");

    assertThat(result.out()).matches("(?s).*-Xmx2g.*\\|-Xmx99m\\|-Da=b\\|-cp\\|.*");
  }

  @Test
  void startsClientsQuicklyAndGivesServersTheFullCompiler() throws Exception {
    assertThat(checkout.run("job", "list").out()).contains("-XX:TieredStopAtLevel=1");
    assertThat(checkout.run("server").out()).doesNotContain("-XX:");
    assertThat(checkout.run("local-mesos").out()).doesNotContain("-XX:");
    assertThat(checkout.run("bench", "launch").out()).doesNotContain("-XX:");
  }

  @Test
  void buildsOnceAndSaysSoApartFromTheOutput() throws Exception {
    Result first = checkout.run("job", "list");
    Result second = checkout.run("job", "list");

    assertThat(first.err()).startsWith("peloton: building").contains("build.log");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(checkout.calls()).containsExactly(BUILD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pom.xml",
        "api/x/pom.xml",
        "api/x/src/main/Source.java",
        "manifests/samples/job.yaml"
      })
  void buildsAgainWhenASourceChanges(String source) throws Exception {
    checkout.run("job", "list");
    checkout.edit(source);
    checkout.run("job", "list");

    assertThat(checkout.calls()).containsExactly(BUILD, BUILD);
  }

  @Test
  void buildsAgainWhenASourceIsGone() throws Exception {
    checkout.run("job", "list");
    Files.delete(checkout.home().resolve("reconcilers/x/src/main/Source.java"));
    checkout.run("job", "list");

    assertThat(checkout.calls()).containsExactly(BUILD, BUILD);
  }

  @Test
  void buildsAgainWhenItsResultIsGone() throws Exception {
    checkout.run("job", "list");
    Files.delete(checkout.libraries().resolve("peloton-command-1.jar"));
    checkout.run("job", "list");

    assertThat(checkout.calls()).containsExactly(BUILD, BUILD);
  }

  @Test
  void doesNotBuildForATestThatChanged() throws Exception {
    checkout.run("job", "list");
    checkout.edit("api/x/src/test/SourceTest.java");
    checkout.run("job", "list");

    assertThat(checkout.calls()).containsExactly(BUILD);
  }

  @Test
  void leavesNoOldLibraryBehind() throws Exception {
    checkout.report("operator/command/target/dist/lib/netty-old.jar", "");

    checkout.run("job", "list");

    assertThat(checkout.libraries()).isDirectoryNotContaining("glob:**/netty-old.jar");
  }

  @Test
  void buildsOnceForTwoThatStartTogether() throws Exception {
    Running one = checkout.start(Map.of(), "job", "list");
    Running other = checkout.start(Map.of(), "job", "list");

    assertThat(one.await().exitCode()).isZero();
    assertThat(other.await().exitCode()).isZero();
    assertThat(checkout.calls()).containsExactly(BUILD);
  }

  @Test
  void showsTheErrorsOfABuildThatFailed() throws Exception {
    checkout.maven("echo '[INFO] fine'; echo '[ERROR] Source.java:[1,2] ; expected'; exit 1");

    Result result = checkout.run("job", "list");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("[ERROR] Source.java:[1,2] ; expected", "the build failed: see ", "build.log")
        .doesNotContain("fine");
  }

  @Test
  void triesOnceMoreAfterAFailedDownload() throws Exception {
    checkout.maven(
        "[[ $* == *-U* ]] || { echo '[ERROR] Could not transfer artifact a:b'; exit 1; }");

    assertThat(checkout.run("job", "list").exitCode()).isZero();
    assertThat(checkout.calls()).containsExactly(BUILD, "-U " + BUILD);
  }

  @Test
  void runsWhatWasBuiltLastIfToldTo() throws Exception {
    Map<String, String> noBuild = Map.of("PELOTON_NO_BUILD", "1");
    assertThat(checkout.run(noBuild, "job", "list").err()).contains("nothing is built yet");

    checkout.run("job", "list");
    checkout.edit("pom.xml");

    assertThat(checkout.run(noBuild, "job", "list").exitCode()).isZero();
    assertThat(checkout.calls()).containsExactly(BUILD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.0.2", "1.8.0_392", "9"})
  void refusesAJavaThatIsTooOld(String version) throws Exception {
    checkout.java(version);

    Result result = checkout.run("job", "list");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("is Java " + version + ", which is too old: install a JDK 17 or newer");
    assertThat(checkout.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "21.0.4", "25-ea"})
  void takesAJavaThatIsNewEnough(String version) throws Exception {
    checkout.java(version);

    assertThat(checkout.run("job", "list").exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"24", "25.0.1", "26-ea"})
  void allowsWhatNewerJavasWarnAbout(String version) throws Exception {
    checkout.java(version);

    assertThat(checkout.run("job", "list").out())
        .contains("|--enable-native-access=ALL-UNNAMED|--sun-misc-unsafe-memory-access=allow|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "21.0.4", "23"})
  void doesNotNameFlagsThatOlderJavasRefuse(String version) throws Exception {
    checkout.java(version);

    assertThat(checkout.run("job", "list").out())
        .doesNotContain("--enable-native-access", "--sun-misc-unsafe-memory-access");
  }

  @Test
  void saysThatJavaHomeIsWrong() throws Exception {
    Result result = checkout.run(Map.of("JAVA_HOME", "/nonexistent"), "job", "list");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("JAVA_HOME is /nonexistent, which has no bin/java");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "dev", "bench", "verify"})
  void saysHowToInstallEtcdWhereItCannot(String subcommand) throws Exception {
    checkout.remove("etcd");

    Result result = checkout.run(subcommand);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("etcd is not installed", "sudo apt-get install -y etcd-server");
    assertThat(checkout.calls()).isEmpty();
  }

  @Test
  void installsEtcdForRoot() throws Exception {
    checkout.remove("etcd");
    checkout.user(0);
    checkout.apt("[[ $* != *install* ]] || { echo '#!/bin/bash' >etcd && /bin/chmod +x etcd; }");

    Result result = checkout.run("demo");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).startsWith("peloton: installing etcd-server (log: ");
    assertThat(result.out()).startsWith("-X").endsWith("|demo|\n");
    assertThat(checkout.calls())
        .containsExactly(
            "apt-get update", "apt-get install -y --no-install-recommends etcd-server", BUILD);
  }

  @Test
  void installsEtcdFromTheListsThatAreThereIfTheyCannotBeUpdated() throws Exception {
    checkout.remove("etcd");
    checkout.user(0);
    checkout.apt("[[ $* == *install* ]] && echo '#!/bin/bash' >etcd && /bin/chmod +x etcd");

    assertThat(checkout.run("demo").exitCode()).isZero();
  }

  @Test
  void saysWhyEtcdCouldNotBeInstalled() throws Exception {
    checkout.remove("etcd");
    checkout.user(0);
    checkout.apt("echo 'E: Unable to locate package etcd-server'; exit 100");

    Result result = checkout.run("demo");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "E: Unable to locate package etcd-server",
            "etcd-server could not be installed",
            "apt-get install -y etcd-server");
  }

  @Test
  void needsEtcdOnlyWhereItIsStarted() throws Exception {
    checkout.remove("etcd");

    assertThat(checkout.run("job", "list").exitCode()).isZero();
    assertThat(checkout.run("server").exitCode()).isZero();
    assertThat(checkout.run("demo", "--help").exitCode()).isZero();
  }

  @Test
  void writesTheImageToAFile() throws Exception {
    Path file = folder.resolve("image.tar");

    Result result = checkout.run("image", "--base", "scratch", "--tar", file.toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("Wrote " + folder.toRealPath().resolve("image.tar") + "\n");
    assertThat(checkout.calls())
        .containsExactly(
            "-pl operator/command -am -DskipTests -Dspotless.check.skip -Dimage.tar="
                + folder.toRealPath().resolve("image.tar")
                + " -Dimage.base=scratch package com.google.cloud.tools:jib-maven-plugin:buildTar");
  }

  @Test
  void pushesTheImage() throws Exception {
    Result result = checkout.run("image", "--to", "registry.example.com/peloton:1");

    assertThat(result.out()).isEqualTo("Pushed registry.example.com/peloton:1\n");
    assertThat(checkout.calls())
        .singleElement()
        .asString()
        .contains("-Dimage.name=registry.example.com/peloton:1 ")
        .endsWith(" package com.google.cloud.tools:jib-maven-plugin:build");
  }

  @Test
  void saysWhyTheImageCouldNotBeBuilt() throws Exception {
    checkout.maven("echo '[ERROR] Unauthorized for registry.example.com'; exit 1");

    Result result = checkout.run("image", "--to", "registry.example.com/peloton:1");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("[ERROR] Unauthorized for registry.example.com")
        .contains("the image could not be built: see ");
  }

  @Test
  void refusesOptionsOfTheImageThatThereAreNot() throws Exception {
    assertThat(checkout.run("image", "--tag", "x").err()).contains("image has no option --tag");
    assertThat(checkout.run("image", "--to").err()).contains("--to needs a value");
    assertThat(checkout.run("image", "--help").out()).startsWith("Usage: peloton image ");
    assertThat(checkout.calls()).isEmpty();
  }

  @Test
  void sumsTheReportsOfAllModules() throws Exception {
    checkout.report("api/x/target/surefire-reports/TEST-StaleTest.xml", "<testsuite tests=\"9\">");
    checkout.maven(
        """
        surefire=api/x/target/surefire-reports
        failsafe=operator/command/target/failsafe-reports
        mkdir -p $surefire $failsafe
        echo '<?xml version="1.0"?>
        <testsuite name="A" time="0.1" tests="5" errors="0" skipped="1" failures="0">
        <system-out>
        <testsuite tests="99"></system-out>' >$surefire/TEST-A.xml
        echo '<testsuite name="B" tests="2" errors="0" skipped="0" failures="0" flakes="0"/>' \
            >$surefire/TEST-B.xml
        echo '<testsuite name="C" tests="3" errors="0" skipped="0" failures="0"/>' \
            >$failsafe/TEST-C.xml
        """);

    Result result = checkout.run("verify", "-pl", "x");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .endsWith(
            """
            api/x: 6 passed, 0 failed, 1 skipped
            operator/command: 3 passed, 0 failed, 0 skipped
            9 passed, 0 failed, 1 skipped
            """);
    assertThat(checkout.calls()).containsExactly(VERIFY + " -pl x");
  }

  @Test
  void buildsTheKubernetesApiServerOnceAndTellsTheTestsWhereItIs() throws Exception {
    checkout.install("go");
    checkout.kubernetes(
        "mkdir -p \"$tools\"; echo '#!/bin/bash' >\"$tools/kube-apiserver\""
            + "; /bin/chmod +x \"$tools/kube-apiserver\"; echo \"$tools\"");
    checkout.maven(ONE_TEST + "echo \"[$PELOTON_KUBERNETES_TOOLS]\"");

    Result first = checkout.run("verify");
    Result second = checkout.run("verify");

    assertThat(first.err()).contains("building a Kubernetes API server");
    assertThat(first.out()).contains("/tools]\n").doesNotContain("skipped:");
    assertThat(second.err()).doesNotContain("Kubernetes");
    assertThat(second.out()).contains("/tools]\n");
    assertThat(checkout.calls()).containsExactly("build-tools", VERIFY, VERIFY);
  }

  @Test
  void saysThatTestsWereSkippedForWantOfGo() throws Exception {
    checkout.kubernetes("");
    checkout.maven(ONE_TEST);

    Result result = checkout.run("verify");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("real Kubernetes API server were skipped: Go is not installed")
        .endsWith("\n1 passed, 0 failed, 0 skipped\n");
    assertThat(checkout.calls()).containsExactly(VERIFY);
  }

  @Test
  void saysWhereTheBuildOfTheApiServerTellsWhyItFailed() throws Exception {
    checkout.install("go");
    checkout.kubernetes("echo 'no route to host' >&2; exit 1");
    checkout.maven(ONE_TEST);

    Result result = checkout.run("verify");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("were skipped: it could not be built (log: ");
    assertThat(checkout.home().resolve("target/launcher/kubernetes.log"))
        .hasContent("no route to host");
  }

  @Test
  void failsAsMavenDoesWhenATestFails() throws Exception {
    checkout.maven(
        """
        mkdir -p api/x/target/surefire-reports
        echo '<testsuite name="A" tests="5" errors="1" skipped="1" failures="2">' \
            >api/x/target/surefire-reports/TEST-A.xml
        exit 3
        """);

    Result result = checkout.run("verify");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).endsWith("\n1 passed, 3 failed, 1 skipped\n");
  }

  @Test
  void failsWhenNoTestRan() throws Exception {
    Result result = checkout.run("verify");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).endsWith("no test ran\n0 passed, 0 failed, 0 skipped\n");
  }

  @Test
  void runsWhatWasVerifiedWithoutBuildingItAgain() throws Exception {
    checkout.maven(ONE_TEST);

    checkout.run("verify");
    checkout.run("job", "list");

    assertThat(checkout.calls()).containsExactly(VERIFY);
  }
}
