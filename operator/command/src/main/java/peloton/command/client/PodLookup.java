package peloton.command.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.command.CommandException;

/** Finds the pod that a person means by its name, or by its job's name and its instance. */
public final class PodLookup {
  private static final Pattern FORM = Pattern.compile("(.+)-(\\d{1,10})");

  private final JobLookup jobs;

  /** Looks jobs up through {@code client}. */
  public PodLookup(ApiClient client) {
    this.jobs = new JobLookup(client);
  }

  /**
   * The name of a pod that is given as {@code JOB-ID-INSTANCE}, or as {@code JOB-NAME-INSTANCE}
   * where one job has that name.
   *
   * @throws CommandException if it has neither form, or no job or more than one has that name
   */
  public PodName name(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw CommandException.usage(
          "a pod is named by its job's id or name and its instance, e.g. hello-0, found \""
              + text
              + "\"");
    }
    String job = form.group(1);
    String id = JobId.isValid(job) ? job : jobs.id(job);
    return PodName.newBuilder().setValue(id + "-" + form.group(2)).build();
  }
}
