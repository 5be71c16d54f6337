package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static peloton.desired.job.JobScene.JOB;
import static peloton.desired.job.JobScene.POOL;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.desired.ApiException;
import peloton.desired.ApiException.Code;
import peloton.desired.DesiredFixture;
import peloton.desired.secret.SealedSecretException;
import peloton.desired.secret.SealedSecrets;
import peloton.desired.secret.SecretBox;
import peloton.desired.secret.SecretKeys;
import peloton.records.SecretRecord;
import peloton.store.view.RecordKey;

class JobSecretsTest {
  private static final String ID = "5a0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f55";

  private final SecretBox box = new SecretBox(new SecretKeys("a", Map.of("a", key(1))));
  private final JobScene scene = new JobScene(new DesiredFixture(), Optional.of(box));

  @Test
  void aJobsSecretsAreSealedAndStoredWithIt() {
    create(List.of(secret(ID, "/etc/token", "hush"), secret("", "/etc/other", "also")));

    assertThat(scene.version()).isEqualTo("1-1-1");
    assertThat(scene.job().secrets()).hasSize(2).containsKey(ID);
    assertThat(scene.job().secrets().keySet()).allMatch(JobId::isValid);
    SecretRecord stored = scene.job().secrets().get(ID);
    assertThat(stored.getPath()).isEqualTo("/etc/token");
    assertThat(stored.getCreatedAt()).isEqualTo(scene.now());
    assertThat(box.open(JOB, stored).toStringUtf8()).isEqualTo("hush");
    assertThat(stored.toByteString().toString(StandardCharsets.ISO_8859_1))
        .doesNotContain("hush")
        .doesNotContain("aHVzaA");
    assertThat(scene.job().currentSpec().toBuilder().clearRevision().build()).isEqualTo(spec());
  }

  @Test
  void theLauncherOpensThemAsVolumes() {
    create(List.of(secret(ID, "/etc/token", "hush")));

    List<Volume> volumes = new SealedSecrets(Optional.of(box)).volumesOf(scene.job());

    assertThat(volumes).hasSize(1);
    assertThat(volumes.get(0).getContainerPath()).isEqualTo("/etc/token");
    assertThat(volumes.get(0).getMode()).isEqualTo(Volume.Mode.RO);
    assertThat(volumes.get(0).getSource().getType()).isEqualTo(Volume.Source.Type.SECRET);
    assertThat(volumes.get(0).getSource().getSecret().getValue().getData().toStringUtf8())
        .isEqualTo("hush");
  }

  @Test
  void withoutItsKeyASecretStaysClosed() {
    create(List.of(secret(ID, "/etc/token", "hush")));

    assertThatThrownBy(() -> new SealedSecrets(Optional.empty()).volumesOf(scene.job()))
        .isInstanceOf(SealedSecretException.class)
        .hasMessageContaining("no key for secrets is configured");
    JobScene plain = new JobScene(new DesiredFixture(), Optional.empty());
    plain.create(spec -> {});
    assertThat(new SealedSecrets(Optional.empty()).volumesOf(plain.job())).isEmpty();
  }

  @Test
  void aClusterWithoutAKeyTakesNoSecrets() {
    JobScene plain = new JobScene(new DesiredFixture(), Optional.empty());

    plain.assertRefused(
        plain.writer.create(request(List.of(secret(ID, "/etc/token", "hush")), spec()).build()),
        Code.INVALID_ARGUMENT,
        "secrets: given 1 secrets; secrets are not enabled in this cluster: its configuration has"
            + " no key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "etc/token", "./x"})
  void refusesAPathThatIsNotAbsolute(String path) {
    assertRefused(List.of(secret(ID, path, "x")), "secrets[0].path");
  }

  @Test
  void refusesAPathThatIsTooLongOrUsedTwice() {
    assertRefused(List.of(secret(ID, "/" + "x".repeat(1024), "x")), "secrets[0].path");
    assertRefused(
        List.of(secret("", "/a", "x"), secret("", "/a", "y")),
        "secrets[1].path: given \"/a\" for a second secret; paths must differ");
  }

  @Test
  void refusesAnIdThatIsNoUuidOrUsedTwice() {
    assertRefused(List.of(secret("x", "/a", "x")), "secrets[0].secret_id: given \"x\"");
    assertRefused(
        List.of(secret(ID, "/a", "x"), secret(ID, "/b", "y")),
        "secrets[1].secret_id: given \"" + ID + "\" for a second secret; ids must differ");
  }

  @Test
  void refusesAValueThatIsNoBase64AndDoesNotRepeatIt() {
    Secret.Builder notBase64 = secret(ID, "/a", "x").toBuilder();
    notBase64.getValueBuilder().setData(ByteString.copyFromUtf8("p4ssw0rd!"));

    ApiException refusal =
        scene.fixture.refusal(
            scene.writer.create(request(List.of(notBase64.build()), spec()).build()));

    assertThat(refusal.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refusal)
        .hasMessageContaining("secrets[0].value.data: given what is not Base64")
        .hasMessageNotContaining("p4ssw0rd");
    assertRefused(
        List.of(secret(ID, "/a", "x").toBuilder().clearValue().build()),
        "secrets[0].value.data: given nothing");
  }

  @Test
  void refusesTooManyOrTooLarge() {
    assertRefused(
        IntStream.range(0, 33).mapToObj(i -> secret("", "/" + i, "x")).toList(),
        "secrets: given 33 secrets; a job may have at most 32");
    assertRefused(
        List.of(secret(ID, "/a", "x".repeat(JobSecrets.MOST_BYTES + 3))),
        "the secrets of a job may take at most 262144 bytes");
  }

  @Test
  void theMostAndLargestFitIntoACreation() {
    List<Secret> most =
        IntStream.range(0, 32)
            .mapToObj(
                i -> secret("", "/" + i + "x".repeat(1000), "x".repeat(JobSecrets.MOST_BYTES / 33)))
            .toList();
    CreateJobRequest.Builder request =
        request(most, spec().toBuilder().setDescription("x".repeat(520_000)).build());
    request.getOpaqueDataBuilder().setData("x".repeat(JobWriter.MAX_OPAQUE_BYTES));

    scene.fixture.answer(scene.writer.create(request.build()));

    assertThat(scene.job().secrets()).hasSize(32);
  }

  @Test
  void refusesAContainerThatCannotSeeSecrets() {
    assertRefused(
        List.of(secret(ID, "/a", "x")),
        Specs.job(POOL),
        "spec.default_spec.containers[0].container.type: given no container; a job with secrets"
            + " must run in containers of type MESOS");
    assertRefused(
        List.of(secret(ID, "/a", "x")),
        with(spec(), pod -> pod.getMesosSpecBuilder().setType(ContainerType.CONTAINER_TYPE_DOCKER)),
        "spec.default_spec.containers[0].container.type: given DOCKER");
    JobSpec.Builder own = spec().toBuilder();
    own.putInstanceSpec(1, docker());
    assertRefused(
        List.of(secret(ID, "/a", "x")),
        own.build(),
        "spec.instance_spec[1].containers[0].container.type: given DOCKER");
  }

  @Test
  void secretsStayWhenTheJobIsReplacedAndThoseOfTheRequestAreIgnored() {
    create(List.of(secret(ID, "/etc/token", "hush")));
    SecretRecord before = scene.job().secrets().get(ID);

    scene.replace(
        "1-1-1",
        r ->
            r.setSpec(spec().toBuilder().setInstanceCount(4))
                .addSecrets(secret("", "/other", "x")));

    assertThat(scene.job().secrets()).containsOnlyKeys(ID);
    assertThat(scene.job().secrets().get(ID)).isEqualTo(before);
  }

  @Test
  void aJobWithSecretsStaysInContainersThatCanSeeThem() {
    create(List.of(secret(ID, "/etc/token", "hush")));

    scene.assertRefused(
        scene.writer.replace(
            JobScene.replaceRequest("1-1-1", r -> r.getSpecBuilder().setInstanceCount(4))),
        Code.INVALID_ARGUMENT,
        "a job with secrets must run in containers of type MESOS");
    PatchJobRequest.Builder patch =
        PatchJobRequest.newBuilder().setJobId(JobScene.id()).setVersion(JobScene.version("1-1-1"));
    patch
        .getSpecBuilder()
        .getDefaultSpecBuilder()
        .getMesosSpecBuilder()
        .setType(ContainerType.CONTAINER_TYPE_DOCKER);
    scene.assertRefused(
        scene.writer.patch(patch.build()),
        Code.INVALID_ARGUMENT,
        "a job with secrets must run in containers of type MESOS");
  }

  @Test
  void secretsGoWithTheirJob() {
    create(List.of(secret(ID, "/etc/token", "hush")));
    scene.delete();

    scene.fixture.deleteBelow(RecordKey.desiredOf(JOB));

    assertThat(scene.fixture.records().jobs()).isEmpty();
  }

  // ---- another key

  @Test
  void secretsAreSealedAnewWithAnotherKey() {
    create(List.of(secret(ID, "/etc/token", "hush"), secret("", "/etc/other", "also")));
    JobWriter rotating = writer(new SecretKeys("b", Map.of("a", key(1), "b", key(2))));

    assertThat(scene.fixture.answer(rotating.resealSecrets(JOB))).isEqualTo(2);

    assertThat(scene.job().secrets().values())
        .extracting(SecretRecord::getKeyId)
        .containsExactly("b", "b");
    SecretBox onlyNew = new SecretBox(new SecretKeys("b", Map.of("b", key(2))));
    assertThat(onlyNew.open(JOB, scene.job().secrets().get(ID)).toStringUtf8()).isEqualTo("hush");
    assertThat(scene.fixture.answer(rotating.resealSecrets(JOB))).isZero();
    assertThat(scene.version()).isEqualTo("1-1-1");
  }

  @Test
  void whatCannotBeOpenedCannotBeSealedAnew() {
    create(List.of(secret(ID, "/etc/token", "hush")));
    JobWriter without = writer(new SecretKeys("b", Map.of("b", key(2))));
    JobWriter none =
        new JobWriter(scene.fixture.desired, scene.fixture.keys, scene.fixture.clock());

    scene.assertRefused(
        without.resealSecrets(JOB), Code.FAILED_PRECONDITION, "which is not configured");
    scene.assertRefused(none.resealSecrets(JOB), Code.FAILED_PRECONDITION, "has no key");
    scene.assertRefused(none.resealSecrets(POOL), Code.NOT_FOUND, POOL);
  }

  @Test
  void aServerThatStartsSealsWhatItCanAnew() {
    create(List.of(secret(ID, "/etc/token", "hush")));
    String foreign = "9a0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f99";
    scene.fixture.answer(
        writer(new SecretKeys("c", Map.of("c", key(3))))
            .create(
                request(List.of(secret("", "/etc/token", "hush")), spec())
                    .setJobId(JobId.toProto(foreign))
                    .build()));
    SecretRotation rotation =
        new SecretRotation(writer(new SecretKeys("b", Map.of("a", key(1), "b", key(2)))));

    assertThat(scene.fixture.answer(rotation.run(scene.fixture.records()))).isEqualTo(1);

    assertThat(scene.job().secrets().get(ID).getKeyId()).isEqualTo("b");
    assertThat(scene.fixture.records().job(foreign).secrets().values())
        .extracting(SecretRecord::getKeyId)
        .containsExactly("c");
    assertThat(scene.fixture.answer(rotation.run(scene.fixture.records()))).isZero();
  }

  private JobWriter writer(SecretKeys keys) {
    return new JobWriter(
        scene.fixture.desired,
        scene.fixture.keys,
        scene.fixture.clock(),
        Optional.of(new SecretBox(keys)));
  }

  private void create(List<Secret> secrets) {
    scene.fixture.answer(scene.writer.create(request(secrets, spec()).build()));
  }

  private void assertRefused(List<Secret> secrets, String message) {
    assertRefused(secrets, spec(), message);
  }

  private void assertRefused(List<Secret> secrets, JobSpec spec, String message) {
    scene.assertRefused(
        scene.writer.create(request(secrets, spec).build()), Code.INVALID_ARGUMENT, message);
    assertThat(scene.fixture.records().jobs()).isEmpty();
  }

  private static CreateJobRequest.Builder request(List<Secret> secrets, JobSpec spec) {
    return CreateJobRequest.newBuilder()
        .setJobId(JobScene.id())
        .setSpec(spec)
        .addAllSecrets(secrets);
  }

  private static JobSpec spec() {
    return with(
        Specs.job(POOL),
        pod -> pod.getMesosSpecBuilder().setType(ContainerType.CONTAINER_TYPE_MESOS));
  }

  private static JobSpec with(JobSpec job, Consumer<PodSpec.Builder> change) {
    JobSpec.Builder changed = job.toBuilder();
    change.accept(changed.getDefaultSpecBuilder());
    return changed.build();
  }

  private static PodSpec docker() {
    PodSpec.Builder pod = PodSpec.newBuilder();
    pod.addContainersBuilder()
        .getContainerBuilder()
        .setType(ContainerInfo.Type.DOCKER)
        .getDockerBuilder()
        .setImage("a");
    return pod.build();
  }

  private static Secret secret(String id, String path, String content) {
    Secret.Builder secret = Secret.newBuilder().setPath(path);
    if (!id.isEmpty()) {
      secret.getSecretIdBuilder().setValue(id);
    }
    secret
        .getValueBuilder()
        .setData(
            ByteString.copyFrom(
                Base64.getEncoder().encode(content.getBytes(StandardCharsets.UTF_8))));
    return secret.build();
  }

  private static byte[] key(int seed) {
    byte[] key = new byte[SecretKeys.KEY_BYTES];
    Arrays.fill(key, (byte) seed);
    return key;
  }
}
