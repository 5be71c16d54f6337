package peloton.controllers.spec;

import java.util.List;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.crds.pod.Label;

/** What is given, or else what the API means by nothing. */
final class Given {
  private Given() {}

  static String text(String given) {
    return given == null ? "" : given;
  }

  static int number(Integer given) {
    return given == null ? 0 : given;
  }

  static double number(Double given, double otherwise) {
    return given == null ? otherwise : given;
  }

  static boolean flag(Boolean given) {
    return Boolean.TRUE.equals(given);
  }

  static List<Peloton.Label> labels(List<Label> given) {
    return given.stream()
        .map(
            label ->
                Peloton.Label.newBuilder()
                    .setKey(text(label.key()))
                    .setValue(text(label.value()))
                    .build())
        .toList();
  }
}
