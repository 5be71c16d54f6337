package peloton.operator.query;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.store.view.JobEntry;

/**
 * What queries need of a job, taken out of its records when they change.
 *
 * @param text owner, name, labels and description in lower case, which keywords are looked for in
 */
record JobRow(
    JobEntry job,
    JobSpec spec,
    String name,
    String owner,
    String owningTeam,
    String pool,
    JobState state,
    int instances,
    long createdAt,
    long completedAt,
    long updatedAt,
    List<Label> labels,
    String text) {

  /** A job's place in the order of creation. */
  record Place(long createdAt, String id) implements Comparable<Place> {
    private static final Comparator<Place> NEWEST_FIRST =
        Comparator.comparingLong(Place::createdAt).reversed().thenComparing(Place::id);

    @Override
    public int compareTo(Place other) {
      return NEWEST_FIRST.compare(this, other);
    }
  }

  Place place() {
    return new Place(createdAt, job.id());
  }

  String id() {
    return job.id();
  }

  static String text(JobSpec spec) {
    StringBuilder text = new StringBuilder();
    text.append(spec.getName()).append('\n');
    text.append(spec.getOwner()).append('\n');
    text.append(spec.getOwningTeam()).append('\n');
    text.append(spec.getDescription()).append('\n');
    for (Label label : spec.getLabelsList()) {
      text.append(label.getKey()).append('=').append(label.getValue()).append('\n');
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }
}
