package peloton.command.spec;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;

/**
 * One job as a spec file describes it.
 *
 * @param spec as written
 * @param respool the pool's path, from the file's {@code respool:}; the API wants its id, which
 *     only the server knows
 */
public record JobSpecFile(JobSpec spec, Optional<String> respool) {
  private static final String RESPOOL = "respool";

  /**
   * Reads every job of a file.
   *
   * @param file a path or {@code -}
   * @throws SpecException if it cannot be read or names what a job does not have
   */
  public static List<JobSpecFile> readAll(String file, InputStream standardInput) {
    return SpecDocument.readAll(file, standardInput).stream().map(JobSpecFile::read).toList();
  }

  /** As {@link #readAll}, from text that is at hand; {@code source} names it in errors. */
  public static List<JobSpecFile> parseAll(String source, String text) {
    return SpecDocument.parseAll(source, text).stream().map(JobSpecFile::read).toList();
  }

  private static JobSpecFile read(SpecDocument document) {
    Optional<String> respool = document.text(RESPOOL);
    SpecDocument rest = respool.isPresent() ? document.without(RESPOOL) : document;
    return new JobSpecFile(new MessageReader().read(rest, JobSpec.newBuilder()).build(), respool);
  }
}
