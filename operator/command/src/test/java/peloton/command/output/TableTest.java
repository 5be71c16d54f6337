package peloton.command.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsColumnsToTheRight() {
    Table table =
        new Table(List.of("A", "Name")).row(List.of("1", "x")).row(List.of("12", "abcde"));

    assertThat(table.lines()).containsExactly(" A |  Name", " 1 |     x", "12 | abcde");
  }

  @Test
  void keepsEachRowOnOneLine() {
    assertThat(new Table(List.of("A")).row(List.of("a\nb\tc")).lines())
        .containsExactly("    A", "a b c");
  }

  @Test
  void refusesARowOfAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Table(List.of("A")).row(List.of("1", "2")));
  }
}
