package peloton.placement;

import java.util.Locale;

/** What is counted on an agent. All but ports are in thousandths. */
enum ResourceKind {
  CPUS("CPU", 1000),
  MEMORY("MB of memory", 1000),
  DISK("MB of disk", 1000),
  GPUS("GPU", 1000),
  PORTS("port to choose", 1),
  REVOCABLE_CPUS("revocable CPU", 1000);

  static final int COUNT = values().length;

  private final String unit;
  private final int perUnit;

  ResourceKind(String unit, int perUnit) {
    this.unit = unit;
    this.perUnit = perUnit;
  }

  static long[] amounts(Need need, boolean revocable) {
    return new long[] {
      revocable ? 0 : need.cpus(),
      need.memory(),
      need.disk(),
      need.gpus(),
      need.ports(),
      revocable ? need.cpus() : 0
    };
  }

  static long[] amounts(Capacity capacity) {
    return new long[] {
      capacity.cpus(),
      capacity.memory(),
      capacity.disk(),
      capacity.gpus(),
      capacity.ports(),
      capacity.revocableCpus()
    };
  }

  /** An amount in words, such as "0.5 CPU". */
  String say(long amount) {
    String number =
        amount % perUnit == 0
            ? Long.toString(amount / perUnit)
            : String.format(Locale.ROOT, "%.3f", amount / (double) perUnit).replaceAll("0+$", "");
    return number + " " + unit;
  }

  /** What a host runs short of, as a test is named. */
  String lack() {
    return "not enough " + unit.replaceFirst("^MB of ", "").replaceFirst(" to choose$", "s");
  }
}
