package peloton.command.admin;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.admin.svc.AdminSvc.ComponentFailure;
import peloton.command.CommandException;
import peloton.command.client.EnumNames;
import picocli.CommandLine.Parameters;

/** The parts of the server that a command line names. */
final class Components {
  @Parameters(
      arity = "1..*",
      split = ",",
      paramLabel = "COMPONENT",
      description = "GoalStateEngine, Read, Write, Kill or Launch.")
  private List<String> names;

  List<Component> components() {
    return EnumNames.parse("component", Component.class, "", names);
  }

  static String show(List<Component> components) {
    return components.stream().map(Enum::name).collect(Collectors.joining(", "));
  }

  /** Ends the command as refused if there is any failure. */
  static void requireNone(List<ComponentFailure> failures, Supplier<String> what) {
    if (!failures.isEmpty()) {
      throw CommandException.refused(
          failures.stream()
              .map(
                  failure ->
                      what.get()
                          + " "
                          + failure.getComponent()
                          + ": "
                          + failure.getFailureMessage())
              .collect(Collectors.joining("; ")));
    }
  }
}
