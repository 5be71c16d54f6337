package peloton.command.demo;

import java.nio.file.Path;
import peloton.api.ids.PodId;

/**
 * A task's first process on this machine.
 *
 * @param pod the run that it is
 * @param pid its process id
 * @param sandbox where its output goes
 */
record LiveTask(PodId pod, long pid, Path sandbox) {}
