package peloton.command.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.mesos.v1.Protos;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.LabelConstraint;
import peloton.api.v1alpha.pod.Pod.PodSpec;

class JobSpecFileTest {
  private static final String PELOTON_STYLE =
      """
      name: TestSpec
      owner: testUser
      owningteam: team6
      ldapgroups:
      - money
      - team6
      description: A test
      labels:
      - key: testKey0
        value: testVal0
      instancecount: 10
      sla:
        priority: 1
        preemptible: false
        maximumunavailableinstances: 2
      defaultspec:
        containers:
        - name: test
          resource:
            cpulimit: 1.5
            memlimitmb: 2.0
            disklimitmb: 10
            fdlimit: 10
            gpulimit: 0
          command:
            shell: true
            value: 'echo hi'
          livenesscheck:
            enabled: true
            type: 1
            initialintervalsecs: 10
            commandcheck:
              command: 'true'
          ports:
          - name: http
            value: 8080
            envname: HTTP_PORT
        constraint:
          type: 1
          labelconstraint:
            kind: 2
            condition: 2
            label:
              key: zone
              value: a
            requirement: 1
        killgraceperiodseconds: 30
        restartpolicy:
          maxfailures: 3
        mesosspec:
          shell: true
          type: 2
      instancespec:
        0:
          containers:
          - resource:
              cpulimit: 2
      """;

  @Test
  void readsTheSquashedNamesOfPelotonsOwnCommand() {
    JobSpec spec = read(PELOTON_STYLE).spec();

    assertThat(spec.getName()).isEqualTo("TestSpec");
    assertThat(spec.getOwningTeam()).isEqualTo("team6");
    assertThat(spec.getLdapGroupsList()).containsExactly("money", "team6");
    assertThat(spec.getLabelsList())
        .containsExactly(Label.newBuilder().setKey("testKey0").setValue("testVal0").build());
    assertThat(spec.getInstanceCount()).isEqualTo(10);
    assertThat(spec.getSla().getMaximumUnavailableInstances()).isEqualTo(2);
    PodSpec pod = spec.getDefaultSpec();
    ContainerSpec container = pod.getContainers(0);
    assertThat(container.getResource().getCpuLimit()).isEqualTo(1.5);
    assertThat(container.getResource().getMemLimitMb()).isEqualTo(2);
    assertThat(container.getResource().getFdLimit()).isEqualTo(10);
    assertThat(container.getCommand())
        .isEqualTo(Protos.CommandInfo.newBuilder().setShell(true).setValue("echo hi").build());
    assertThat(container.getLivenessCheck().getType())
        .isEqualTo(HealthCheckSpec.HealthCheckType.HEALTH_CHECK_TYPE_COMMAND);
    assertThat(container.getLivenessCheck().getCommandCheck().getCommand()).isEqualTo("true");
    assertThat(container.getPorts(0).getEnvName()).isEqualTo("HTTP_PORT");
    assertThat(pod.getConstraint().getType()).isEqualTo(Constraint.Type.CONSTRAINT_TYPE_LABEL);
    assertThat(pod.getConstraint().getLabelConstraint().getKind())
        .isEqualTo(LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_HOST);
    assertThat(pod.getKillGracePeriodSeconds()).isEqualTo(30);
    assertThat(pod.getRestartPolicy().getMaxFailures()).isEqualTo(3);
    assertThat(pod.getMesosSpec().getShell()).isTrue();
    assertThat(pod.getMesosSpec().getTypeValue()).isEqualTo(2);
    assertThat(spec.getInstanceSpecMap()).containsOnlyKeys(0);
    assertThat(spec.getInstanceSpecMap().get(0).getContainers(0).getResource().getCpuLimit())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"instanceCount", "instance_count", "instancecount"})
  void readsEachSpellingOfAName(String name) {
    assertThat(read(name + ": 4").spec().getInstanceCount()).isEqualTo(4);
  }

  @Test
  void readsJsonToo() {
    String json =
        """
        {"name": "a", "defaultSpec": {"mesosSpec": {"shell": true}}, "respoolId": {"value": "p"}}
        """;

    JobSpec spec = read(json).spec();

    assertThat(spec.getDefaultSpec().getMesosSpec().getShell()).isTrue();
    assertThat(spec.getRespoolId().getValue()).isEqualTo("p");
  }

  @Test
  void takesThePathOfThePoolApart() {
    JobSpecFile file = read("name: a\nrespool: /team/service\n");

    assertThat(file.respool()).contains("/team/service");
    assertThat(file.spec()).isEqualTo(JobSpec.newBuilder().setName("a").build());
  }

  @Test
  void readsAnIdThatIsGivenAsPlainText() {
    assertThat(read("respoolId: some-id").spec().getRespoolId().getValue()).isEqualTo("some-id");
  }

  @ParameterizedTest
  @CsvSource({"1.10, 1.10", "yes, yes", "0x1F, 0x1F", "'\"a\"', a", "2026-01-01, 2026-01-01"})
  void keepsTextAsItIsWritten(String written, String read) {
    assertThat(read("name: " + written).spec().getName()).isEqualTo(read);
  }

  @Test
  void leavesFieldsWithoutAValueUnset() {
    assertThat(read("name: ~\nsla:\nowner: me\n").spec())
        .isEqualTo(JobSpec.newBuilder().setOwner("me").build());
  }

  @Test
  void mergesAnchors() {
    String text =
        """
        defaultSpec:
          containers:
          - &base {name: a, resource: {cpuLimit: 1, memLimitMb: 2}}
          - {<<: *base, name: b}
        """;

    List<ContainerSpec> containers = read(text).spec().getDefaultSpec().getContainersList();

    assertThat(containers).extracting(ContainerSpec::getName).containsExactly("a", "b");
    assertThat(containers.get(1).getResource()).isEqualTo(containers.get(0).getResource());
  }

  @Test
  void readsEveryDocumentOfAFile() {
    assertThat(JobSpecFile.parseAll("f", "name: a\n---\n---\nname: b\n"))
        .extracting(file -> file.spec().getName())
        .containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "instancCount: 1 | f:1:1: instancCount: unknown field; did you mean instanceCount?",
        "zzz: 1 | f:1:1: zzz: unknown field; allowed here: revision, name, owner",
        "name: [a] | f:1:7: name: expected text, found a list",
        "name: {a: b} | f:1:7: name: expected text, found fields (a mapping)",
        "instanceCount: many | f:1:16: instanceCount: expected a number, found \"many\"",
        "instanceCount: 1.5 | instanceCount: expected a whole number, found \"1.5\"",
        "instanceCount: -1 | a whole number from 0 to 4294967295, found \"-1\"",
        "instanceCount: 4294967296 | a whole number from 0 to 4294967295",
        "instanceCount: 1e999999999 | instanceCount: out of range",
        "labels: {a: b} | f:1:9: labels: expected a list, found fields (a mapping)",
        "labels: [a] | labels[0]: expected fields (a mapping), found the value \"a\"",
        "labels: [~] | labels[0]: a list element may not be empty",
        "sla: 3 | f:1:6: sla: expected fields (a mapping), found the value \"3\"",
        "sla: {preemptible: 7} | sla.preemptible: expected true or false, found \"7\"",
        "defaultSpec: {constraint: {type: LABEL}} | defaultSpec.constraint.type: unknown value",
        "defaultSpec: {constraint: {type: 9}} | CONSTRAINT_TYPE_LABEL=1",
        "defaultSpec: {mesosSpec: {shel: true}} | did you mean shell?",
        "instanceSpec: {x: {}} | f:1:16: instanceSpec: expected a number, found \"x\"",
        "instanceSpec: {1: {}, 1: {}} | instanceSpec[1]: given twice",
        "'{name: a, name: b}' | f:1:11: name: given twice",
        "'{instanceCount: 1, instancecount: 2}' | instanceCount: given twice",
        "- a | f:1:1: expected fields (name: value), found a list",
        "just text | f:1:1: expected fields (name: value), found the value \"just text\"",
        "'a: b: c' | f:1:5: malformed YAML: mapping values are not allowed here",
        "'{a: ' | f:1:5: malformed YAML",
        "&a {sla: *a} | sla.sla: unknown field",
        "defaultSpec: {containers: [{container: {}}]} | required by Mesos, not given"
      })
  void saysWhatIsWrongAndWhere(String text, String expected) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void namesTheLineOfAFieldDeepInside() {
    assertThatThrownBy(() -> read(PELOTON_STYLE.replace("memlimitmb", "memlimit")))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "f:21:7: defaultSpec.containers[0].resource.memlimit: unknown field;"
                + " did you mean memLimitMb?");
  }

  @Test
  void refusesEmptyInput() {
    assertThatThrownBy(() -> read("# nothing\n"))
        .isInstanceOf(SpecException.class)
        .hasMessage("f: is empty; it must hold a spec");
  }

  @Test
  void refusesAFileThatIsNotThere(@TempDir Path folder) {
    String missing = folder.resolve("none.yaml").toString();

    assertThatThrownBy(() -> JobSpecFile.readAll(missing, InputStream.nullInputStream()))
        .isInstanceOf(SpecException.class)
        .hasMessage(missing + ": there is no such file");
  }

  @Test
  void refusesBytesThatAreNoText(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("bytes.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});

    assertThatThrownBy(() -> JobSpecFile.readAll(file.toString(), InputStream.nullInputStream()))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void refusesAliasesThatGrowWithoutBound() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 40; i++) {
      String list = ("*a" + (i - 1) + ",").repeat(9);
      bomb.append("a").append(i).append(": &a").append(i).append(" [").append(list).append("]\n");
    }

    assertThatThrownBy(() -> read(bomb.toString())).isInstanceOf(SpecException.class);
  }

  @Test
  void readsStandardInput() {
    InputStream input = new ByteArrayInputStream("name: ü\n".getBytes(StandardCharsets.UTF_8));

    assertThat(JobSpecFile.readAll("-", input).get(0).spec().getName()).isEqualTo("ü");
  }

  private static JobSpecFile read(String text) {
    return JobSpecFile.parseAll("f", text).get(0);
  }
}
