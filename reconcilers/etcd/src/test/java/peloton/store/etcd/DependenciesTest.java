package peloton.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Versions that fail at run time only when they do not fit together. */
class DependenciesTest {
  private static final Pattern JAR = Pattern.compile("(grpc|protobuf)-[a-z-]+?-(\\d[\\w.]*)\\.jar");

  @Test
  void bringsOneVersionOfGrpcAndOneOfProtobuf() {
    assertThat(versions("grpc")).hasSize(1);
    assertThat(versions("protobuf")).hasSize(1);
  }

  @Test
  void bringsOneNettyAndItIsTheOneInsideGrpc() throws IOException {
    assertThat(resources("io/grpc/netty/shaded/io/netty/util/Version.class")).hasSize(1);
    assertThat(resources("io/netty/util/Version.class")).isEmpty();
  }

  @Test
  void bringsNoVertx() throws IOException {
    assertThat(resources("io/vertx/core/Vertx.class")).isEmpty();
  }

  private static Set<String> versions(String family) {
    Set<String> versions = new TreeSet<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Matcher jar = JAR.matcher(new File(entry).getName());
      if (jar.matches() && jar.group(1).equals(family)) {
        versions.add(jar.group(2));
      }
    }
    return versions;
  }

  private static List<String> resources(String name) throws IOException {
    return Collections.list(DependenciesTest.class.getClassLoader().getResources(name)).stream()
        .map(Object::toString)
        .collect(Collectors.toList());
  }
}
