package peloton.command.bench;

import java.util.List;

/** What a bench found. */
interface Outcome {
  /** Whether nothing happened that must not, whatever the speed. */
  boolean succeeded();

  /** The report for people, with its METRIC lines. */
  List<String> text();

  /** Everything, as one JSON object. */
  String json();
}
