package peloton.desired.job;

import static peloton.desired.Violation.invalid;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.mesos.v1.Protos.ContainerInfo;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.desired.Violation;
import peloton.desired.secret.SecretBox;
import peloton.records.SecretRecord;

/** The secrets that a job brings with it. Messages name their ids and paths, never a content. */
final class JobSecrets {
  /** Most secrets of a job. */
  static final int MOST = 32;

  /** Largest sum of their contents, in bytes; a creation is one transaction. */
  static final int MOST_BYTES = 256 * 1024;

  /** Longest path, in characters. */
  static final int LONGEST_PATH = 1024;

  private JobSecrets() {}

  /**
   * What is wrong with the secrets of a creation.
   *
   * @param enabled whether there is a key to seal them with
   */
  static List<Violation> validate(CreateJobRequest request, boolean enabled) {
    List<Secret> secrets = request.getSecretsList();
    if (secrets.isEmpty()) {
      return List.of();
    }
    if (!enabled) {
      return List.of(
          invalid(
              "secrets",
              secrets.size() + " secrets",
              "secrets are not enabled in this cluster: its configuration has no key to seal them"
                  + " with"));
    }
    if (secrets.size() > MOST) {
      return List.of(
          invalid("secrets", secrets.size() + " secrets", "a job may have at most " + MOST));
    }
    List<Violation> violations = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Set<String> paths = new HashSet<>();
    long bytes = 0;
    for (int i = 0; i < secrets.size(); i++) {
      Secret secret = secrets.get(i);
      String at = "secrets[" + i + "]";
      checkId(at, secret, ids, violations);
      checkPath(at, secret, paths, violations);
      checkValue(at, secret, violations);
      bytes += secret.getValue().getData().size();
    }
    // The content is three quarters of its Base64.
    if (bytes > MOST_BYTES / 3 * 4) {
      violations.add(
          invalid(
              "secrets",
              bytes + " bytes of Base64",
              "the secrets of a job may take at most " + MOST_BYTES + " bytes"));
    }
    violations.addAll(checkContainers(request.getSpec()));
    return violations;
  }

  private static void checkId(
      String at, Secret secret, Set<String> ids, List<Violation> violations) {
    String id = secret.getSecretId().getValue();
    if (id.isEmpty()) {
      return;
    }
    if (!JobId.isValid(id)) {
      violations.add(
          invalid(
              at + ".secret_id",
              Violation.quote(id),
              "must be a UUID, or none to get a random one"));
    } else if (!ids.add(id)) {
      violations.add(
          invalid(
              at + ".secret_id", Violation.quote(id) + " for a second secret", "ids must differ"));
    }
  }

  private static void checkPath(
      String at, Secret secret, Set<String> paths, List<Violation> violations) {
    String path = secret.getPath();
    if (!path.startsWith("/") || path.length() > LONGEST_PATH) {
      violations.add(
          invalid(
              at + ".path",
              path.isEmpty() ? "no path" : Violation.quote(path),
              "must be an absolute path in the container, of at most "
                  + LONGEST_PATH
                  + " characters"));
    } else if (!paths.add(path)) {
      violations.add(
          invalid(
              at + ".path", Violation.quote(path) + " for a second secret", "paths must differ"));
    }
  }

  private static void checkValue(String at, Secret secret, List<Violation> violations) {
    Optional<ByteString> content = content(secret);
    if (content.isEmpty() || content.get().isEmpty()) {
      violations.add(
          invalid(
              at + ".value.data",
              secret.getValue().getData().isEmpty() ? "nothing" : "what is not Base64",
              "must be the content as Base64 text (RFC 4648, section 4)"));
    }
  }

  /** Whether every pod runs in a container that can be given a secret. */
  static List<Violation> checkContainers(JobSpec spec) {
    EffectivePods pods = new EffectivePods(spec);
    List<Violation> violations = new ArrayList<>();
    if (spec.hasDefaultSpec()) {
      checkContainer("spec.default_spec", pods.common(), violations);
    }
    for (int instance : pods.special().stream().sorted().toList()) {
      if (violations.isEmpty()) {
        checkContainer("spec.instance_spec[" + instance + "]", pods.pod(instance), violations);
      }
    }
    return violations;
  }

  private static void checkContainer(String path, PodSpec pod, List<Violation> violations) {
    for (int i = 0; i < pod.getContainersCount(); i++) {
      ContainerSpec container = pod.getContainers(i);
      if (!container.hasContainer()
          || container.getContainer().getType() != ContainerInfo.Type.MESOS) {
        violations.add(
            invalid(
                path + ".containers[" + i + "].container.type",
                container.hasContainer()
                    ? container.getContainer().getType().name()
                    : "no container",
                "a job with secrets must run in containers of type MESOS (or mesos_spec.type"
                    + " CONTAINER_TYPE_MESOS)"));
      }
    }
  }

  /** The secrets as they are stored; they must be valid. */
  static List<SecretRecord> sealed(SecretBox box, String job, List<Secret> secrets, long now) {
    return secrets.stream()
        .map(
            secret -> {
              String given = secret.getSecretId().getValue();
              String id = given.isEmpty() ? UUID.randomUUID().toString() : given;
              return box.seal(job, id, secret.getPath(), content(secret).orElseThrow(), now);
            })
        .toList();
  }

  /** What the Base64 text stands for; empty if it is none. */
  private static Optional<ByteString> content(Secret secret) {
    try {
      String text = secret.getValue().getData().toString(StandardCharsets.ISO_8859_1).strip();
      return Optional.of(ByteString.copyFrom(Base64.getDecoder().decode(text)));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
