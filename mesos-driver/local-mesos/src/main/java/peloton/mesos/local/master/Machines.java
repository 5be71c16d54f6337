package peloton.mesos.local.master;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.maintenance.Protos.Window;

/**
 * The maintenance schedule, and what it makes of machines: those in it are draining until they are
 * taken down, all others are up. A machine is the same only when hostname and IP both are; a
 * schedule that names one of the two is about a machine without agents.
 */
final class Machines {

  private Schedule schedule = Schedule.getDefaultInstance();
  private final Map<MachineID, Unavailability> scheduled = new LinkedHashMap<>();
  private final Set<MachineID> down = new LinkedHashSet<>();

  Schedule schedule() {
    return schedule;
  }

  /** When and for how long a machine will be away; empty when nobody plans that. */
  Optional<Unavailability> unavailability(MachineID machine) {
    return Optional.ofNullable(scheduled.get(normalized(machine)));
  }

  boolean isDown(MachineID machine) {
    return down.contains(normalized(machine));
  }

  List<MachineID> draining() {
    return scheduled.keySet().stream().filter(machine -> !down.contains(machine)).toList();
  }

  List<MachineID> down() {
    return List.copyOf(down);
  }

  /** What is wrong with a new schedule; empty when nothing is. */
  Optional<String> problem(Schedule wanted) {
    var seen = new LinkedHashSet<MachineID>();
    for (var window : wanted.getWindowsList()) {
      if (window.getMachineIdsCount() == 0) {
        return Optional.of("List of machines in the maintenance window is empty");
      }
      if (window.getUnavailability().getDuration().getNanoseconds() < 0) {
        return Optional.of("Unavailability 'duration' is negative");
      }
      for (var machine : window.getMachineIdsList()) {
        var problem = problem(machine, seen);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return down.stream()
        .filter(machine -> !seen.contains(machine))
        .findFirst()
        .map(machine -> name(machine) + " is deactivated and cannot be removed from the schedule");
  }

  /**
   * Takes a schedule that has no problem.
   *
   * @return the machines of the old and of the new schedule
   */
  Set<MachineID> replace(Schedule wanted) {
    var concerned = new LinkedHashSet<>(scheduled.keySet());
    scheduled.clear();
    schedule = wanted;
    for (var window : wanted.getWindowsList()) {
      for (var machine : window.getMachineIdsList()) {
        scheduled.put(normalized(machine), window.getUnavailability());
      }
    }
    concerned.addAll(scheduled.keySet());
    return concerned;
  }

  /** Why these machines cannot be taken down; empty when they can. */
  Optional<String> problemWithDown(List<MachineID> machines) {
    return problem(machines)
        .or(
            () ->
                machines.stream()
                    .filter(machine -> isDown(machine))
                    .findFirst()
                    .map(
                        machine ->
                            name(machine) + " is not in DRAINING mode and cannot be brought down"));
  }

  void takeDown(List<MachineID> machines) {
    machines.forEach(machine -> down.add(normalized(machine)));
  }

  /** Why these machines cannot be brought up; empty when they can. */
  Optional<String> problemWithUp(List<MachineID> machines) {
    return problem(machines)
        .or(
            () ->
                machines.stream()
                    .filter(machine -> !isDown(machine))
                    .findFirst()
                    .map(
                        machine ->
                            name(machine) + " is not in DOWN mode and cannot be brought up"));
  }

  /** Brings machines up; they are no longer in the schedule. */
  void bringUp(List<MachineID> machines) {
    var up = new LinkedHashSet<MachineID>();
    machines.forEach(machine -> up.add(normalized(machine)));
    down.removeAll(up);
    scheduled.keySet().removeAll(up);
    var windows = new ArrayList<Window>();
    for (var window : schedule.getWindowsList()) {
      var left =
          window.getMachineIdsList().stream()
              .filter(machine -> !up.contains(normalized(machine)))
              .toList();
      if (!left.isEmpty()) {
        windows.add(window.toBuilder().clearMachineIds().addAllMachineIds(left).build());
      }
    }
    schedule = Schedule.newBuilder().addAllWindows(windows).build();
  }

  private Optional<String> problem(List<MachineID> machines) {
    if (machines.isEmpty()) {
      return Optional.of("List of machines is empty");
    }
    var seen = new LinkedHashSet<MachineID>();
    for (var machine : machines) {
      var problem = problem(machine, seen);
      if (problem.isPresent()) {
        return problem;
      }
      if (!scheduled.containsKey(normalized(machine))) {
        return Optional.of(name(machine) + " is not part of a maintenance schedule");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(MachineID machine, Set<MachineID> seen) {
    if (machine.getHostname().isEmpty() && machine.getIp().isEmpty()) {
      return Optional.of("Both 'hostname' and 'ip' for a machine are empty");
    }
    if (!machine.getIp().isEmpty() && !isIp(machine.getIp())) {
      return Optional.of("'" + machine.getIp() + "' is not an IPv4 address");
    }
    return seen.add(normalized(machine))
        ? Optional.empty()
        : Optional.of(name(machine) + " appears more than once in the schedule");
  }

  private static boolean isIp(String text) {
    var parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (var part : parts) {
      if (!part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  private static String name(MachineID machine) {
    return "Machine '{\"hostname\":\""
        + machine.getHostname()
        + "\",\"ip\":\""
        + machine.getIp()
        + "\"}'";
  }

  private static MachineID normalized(MachineID machine) {
    return MachineID.newBuilder()
        .setHostname(machine.getHostname().toLowerCase(Locale.ROOT))
        .setIp(machine.getIp())
        .build();
  }
}
