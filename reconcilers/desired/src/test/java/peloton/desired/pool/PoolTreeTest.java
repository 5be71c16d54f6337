package peloton.desired.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.records.ResourcePoolRecord;

class PoolTreeTest {
  private final PoolTree tree =
      PoolTree.of(
          Map.of(
              "i", pool("infra", "root"),
              "c", pool("compute", "i"),
              "a", pool("admin", "i"),
              "m", pool("market", "root")));

  @ParameterizedTest
  @CsvSource({"root,/", "i,/infra", "c,/infra/compute", "m,/market"})
  void aPoolIsFoundByItsPathAndKnowsIt(String id, String path) {
    assertThat(tree.path(id)).contains(path);
    assertThat(tree.lookup(path)).contains(id);
  }

  @ParameterizedTest
  @CsvSource({"/infra/,i", "/infra/compute/,c"})
  void aSlashAtTheEndDoesNoHarm(String path, String id) {
    assertThat(tree.lookup(path)).contains(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "infra", "infra/", "/nowhere", "/infra/compute/x", "//", "//infra"})
  void otherPathsLeadNowhere(String path) {
    assertThat(tree.lookup(path)).isEmpty();
  }

  @Test
  void childrenComeInTheOrderOfTheirNames() {
    assertThat(tree.children("i")).containsExactly("a", "c");
    assertThat(tree.children("root")).containsExactly("i", "m");
    assertThat(tree.children("c")).isEmpty();
    assertThat(tree.children("nowhere")).isEmpty();
  }

  @Test
  void aLeafHasNoChildrenAndTheRootIsNone() {
    assertThat(tree.isLeaf("c")).isTrue();
    assertThat(tree.isLeaf("i")).isFalse();
    assertThat(tree.isLeaf("root")).isFalse();
    assertThat(PoolTree.of(Map.of()).isLeaf("root")).isFalse();
  }

  @Test
  void theRootIsAlwaysThereAndHasNoRecord() {
    PoolTree empty = PoolTree.of(Map.of());

    assertThat(empty.contains("root")).isTrue();
    assertThat(empty.pool("root")).isEmpty();
    assertThat(empty.ids()).isEmpty();
    assertThat(empty.lookup("/")).contains("root");
  }

  @Test
  void whatHangsBelowNothingHasNoPath() {
    PoolTree broken =
        PoolTree.of(Map.of("x", pool("x", "gone"), "a", pool("a", "b"), "b", pool("b", "a")));

    assertThat(broken.path("x")).isEmpty();
    assertThat(broken.path("a")).isEmpty();
    assertThat(broken.contains("x")).isTrue();
  }

  private static ResourcePoolRecord pool(String name, String parent) {
    ResourcePoolRecord.Builder pool = ResourcePoolRecord.newBuilder();
    pool.getSpecBuilder().setName(name).getParentBuilder().setValue(parent);
    return pool.build();
  }
}
