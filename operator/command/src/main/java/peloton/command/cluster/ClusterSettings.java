package peloton.command.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * What a local cluster is made of.
 *
 * @param directory holds its data, logs and pid files
 * @param operatorPort the operator's port if it is free; 0 for any
 * @param mesosFlags more flags of {@code peloton local-mesos}
 * @param operatorFlags more flags of {@code peloton server}
 * @param etcdFlags more flags of etcd
 * @param javaOptions options of the JVMs
 */
public record ClusterSettings(
    Path directory,
    int operatorPort,
    List<String> mesosFlags,
    List<String> operatorFlags,
    List<String> etcdFlags,
    List<String> javaOptions) {
  /** Makes the folder absolute and copies the lists. */
  public ClusterSettings {
    directory = directory.toAbsolutePath().normalize();
    mesosFlags = List.copyOf(mesosFlags);
    operatorFlags = List.copyOf(operatorFlags);
    etcdFlags = List.copyOf(etcdFlags);
    javaOptions = List.copyOf(javaOptions);
  }

  /** Three agents, any ports, and JVMs that start quickly. */
  public static ClusterSettings in(Path directory) {
    return new ClusterSettings(
        directory,
        0,
        List.of("--agents", "3"),
        List.of(),
        List.of(),
        List.of("-Xms32m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
  }

  /** With another preferred port of the operator. */
  public ClusterSettings withOperatorPort(int port) {
    return new ClusterSettings(directory, port, mesosFlags, operatorFlags, etcdFlags, javaOptions);
  }

  /** With other flags of the local Mesos. */
  public ClusterSettings withMesosFlags(List<String> flags) {
    return new ClusterSettings(
        directory, operatorPort, flags, operatorFlags, etcdFlags, javaOptions);
  }

  /** With other flags of the operator. */
  public ClusterSettings withOperatorFlags(List<String> flags) {
    return new ClusterSettings(directory, operatorPort, mesosFlags, flags, etcdFlags, javaOptions);
  }

  /** With other options of the JVMs. */
  public ClusterSettings withJavaOptions(List<String> options) {
    return new ClusterSettings(
        directory, operatorPort, mesosFlags, operatorFlags, etcdFlags, options);
  }
}
