package peloton.controllers.spec;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Lists with the paths of their items. */
final class Paths {
  private Paths() {}

  static <T, R> List<R> each(String path, List<T> list, BiFunction<String, T, R> map) {
    return IntStream.range(0, list.size())
        .mapToObj(i -> map.apply(path + "[" + i + "]", list.get(i)))
        .toList();
  }
}
