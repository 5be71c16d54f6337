import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Writes the descriptors that are compiled into the Mesos Java bindings as one FileDescriptorSet,
 * dependencies first, so that protoc can generate fresh classes: the bindings ship no .proto files,
 * and their own classes come from a protoc that current protobuf runtimes warn about.
 */
public final class WriteMesosDescriptors {
  public static void main(String[] args) throws Exception {
    Set<FileDescriptor> files = new LinkedHashSet<>();
    add(org.apache.mesos.v1.Protos.getDescriptor(), files);
    add(org.apache.mesos.v1.scheduler.Protos.getDescriptor(), files);
    add(org.apache.mesos.v1.master.Protos.getDescriptor(), files);
    add(org.apache.mesos.v1.agent.Protos.getDescriptor(), files);
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    files.forEach(file -> set.addFile(file.toProto()));
    Path target = Path.of(args[0]);
    Files.createDirectories(target.getParent());
    Files.write(target, set.build().toByteArray());
  }

  private static void add(FileDescriptor file, Set<FileDescriptor> files) {
    file.getDependencies().forEach(dependency -> add(dependency, files));
    files.add(file);
  }
}
