package peloton.desired.admin;

import java.util.EnumSet;
import java.util.Set;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.records.LockdownRecord;
import peloton.store.view.Records;

/** The parts of the control plane that are locked down. */
public final class Lockdowns {
  private Lockdowns() {}

  /** Whether a part is locked down by these records; costs next to nothing. */
  public static boolean contains(Records records, Component component) {
    LockdownRecord lockdown = records.lockdown();
    return lockdown.getComponentsCount() > 0 && lockdown.getComponentsList().contains(component);
  }

  /** All that is locked down by these records; parts that this version does not know are left. */
  public static Set<Component> of(Records records) {
    Set<Component> components = EnumSet.noneOf(Component.class);
    components.addAll(records.lockdown().getComponentsList());
    components.remove(Component.UNRECOGNIZED);
    return components;
  }
}
