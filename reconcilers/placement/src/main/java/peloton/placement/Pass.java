package peloton.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One round of placement: each call takes the place for one pod out of the index, so that the next
 * call sees what is left.
 *
 * <p>Large batches use fewer agents than they could, since what an accepted offer leaves over comes
 * back only with the master's next allocation: past a quarter as many agents as pods, those are
 * preferred that the batch has used already.
 *
 * <p>A pod with a home goes there or nowhere, and an agent that is the home of a pod for which it
 * has no room yet takes no others: what is freed there is meant for that pod. Homes come first.
 *
 * <p>The same calls on equal indexes give the same places: there is no chance in it.
 */
public final class Pass {
  /** A batch of up to this many pods may touch as many agents. */
  static final int ALWAYS_SPREAD = 64;

  /** Beyond that, each agent takes about this many pods of a batch. */
  static final int PODS_PER_AGENT = 4;

  private final AgentIndex index;
  private final boolean pack;
  private final int mostTouched;
  private final Bits kept = new Bits();
  private final Bits touched = new Bits();
  private final Map<Shape, Map<String, Search>> searches = new HashMap<>();
  private final Map<String, JobSpread> spreads = new HashMap<>();
  private Search last;

  /**
   * Begins a round.
   *
   * @param batch how many pods wait
   */
  public Pass(AgentIndex index, int batch) {
    this.index = index;
    this.pack = index.settings().strategy() == PlacementSettings.Strategy.PACK;
    this.mostTouched = Math.max(ALWAYS_SPREAD, batch / PODS_PER_AGENT);
  }

  /** What came of a pod that was to go home. */
  public enum Homecoming {
    PLACED,
    /** It does not fit there now. */
    KEPT,
    /** Its constraint does not allow that host any more: another will have to do. */
    NOT_ALLOWED
  }

  /**
   * Puts a pod on its home.
   *
   * @param keep whether others do not get the room that it lacks
   */
  public Homecoming placeHome(String job, int instance, Shape shape, String agentId, boolean keep) {
    int slot = index.find(agentId);
    if (slot < 0 || !index.offered().contains(slot)) {
      return Homecoming.KEPT;
    }
    BoundShape bound = index.bind(shape);
    if (!bound.admits(slot)) {
      return Homecoming.NOT_ALLOWED;
    }
    if (!index.hasRoom(slot, bound.needs())) {
      if (keep) {
        kept.add(slot);
      }
      return Homecoming.KEPT;
    }
    take(job, instance, slot, shape);
    return Homecoming.PLACED;
  }

  /** Puts a pod on the agent that suits best; empty if none would do. */
  public Optional<String> place(String job, int instance, Shape shape) {
    Search search = search(job, shape);
    int slot = search.next();
    if (slot < 0) {
      return Optional.empty();
    }
    take(job, instance, slot, shape);
    return Optional.of(index.agent(slot).id());
  }

  /** Why no agent takes the pod, as things are. */
  public Refusals explain(Shape shape) {
    return Refusals.of(index, index.bind(shape), kept);
  }

  private void take(String job, int instance, int slot, Shape shape) {
    index.take(job, instance, slot, shape);
    touched.add(slot);
    JobSpread spread = spreads.get(job);
    if (spread != null) {
      spread.add(slot);
    }
  }

  private Search search(String job, Shape shape) {
    if (last != null && last.bound.shape() == shape && last.job.equals(job)) {
      return last;
    }
    Map<String, Search> byJob = searches.computeIfAbsent(shape, s -> new HashMap<>());
    // Where a pod's job does not matter, the pods of all jobs share one search.
    last = byJob.computeIfAbsent(pack ? "" : job, id -> new Search(id, index.bind(shape)));
    return last;
  }

  /** The way of one shape, for one job, through the agents. */
  private final class Search {
    private final String job;
    private final BoundShape bound;
    private final Cursor anywhere;
    private final Cursor amongTouched;
    private boolean touchedIsFull;

    Search(String job, BoundShape bound) {
      this.job = job;
      this.bound = bound;
      if (pack) {
        anywhere = new PackCursor();
        amongTouched = anywhere;
        touchedIsFull = true;
      } else {
        JobSpread spread = spreads.computeIfAbsent(job, JobSpread::new);
        anywhere = new SpreadCursor(spread, null);
        amongTouched = new SpreadCursor(spread, touched);
      }
    }

    int next() {
      if (bound.isHopeless()) {
        return -1;
      }
      if (!touchedIsFull && touched.size() >= mostTouched) {
        int slot = amongTouched.next(bound);
        if (slot >= 0) {
          return slot;
        }
        touchedIsFull = true;
      }
      int slot = anywhere.next(bound);
      if (slot < 0 && kept.isEmpty()) {
        bound.hopeless();
      }
      return slot;
    }
  }

  /**
   * Where a search stands. What it has passed did not do, and an agent only gets fuller; so it
   * begins anew only when it has come to the end, and then once.
   */
  private abstract class Cursor {
    private long startedAt = index.gains() + index.placements();

    final int next(BoundShape bound) {
      int slot = scan(bound);
      if (slot >= 0) {
        return slot;
      }
      long now = index.gains() + index.placements();
      if (startedAt == now) {
        return -1;
      }
      startedAt = now;
      rewind();
      return scan(bound);
    }

    abstract void rewind();

    abstract int scan(BoundShape bound);

    /** The first of some agents, all in one word, that does; -1 if none does. */
    final int firstThatDoes(BoundShape bound, long agents, int w) {
      long left = agents & ~kept.word(w);
      if (left == 0) {
        return -1;
      }
      left &= bound.mayDo(w);
      while (left != 0) {
        int slot = (w << 6) + Long.numberOfTrailingZeros(left);
        if (bound.does(slot)) {
          return slot;
        }
        left &= left - 1;
      }
      return -1;
    }
  }

  /** Agents with the fewest pods of the job first, among those the ones with the fewest pods. */
  private final class SpreadCursor extends Cursor {
    private final JobSpread spread;
    private final Bits among;
    private int level;
    private int bucket;
    private int word;

    /**
     * A cursor at the beginning.
     *
     * @param among the only agents to look at; null for all
     */
    SpreadCursor(JobSpread spread, Bits among) {
      this.spread = spread;
      this.among = among;
    }

    @Override
    void rewind() {
      level = 0;
      bucket = 0;
      word = 0;
    }

    @Override
    int scan(BoundShape bound) {
      int words = index.words();
      while (true) {
        Bits more = spread.moreThan(level);
        for (; bucket < index.buckets(); bucket++, word = 0) {
          Bits agents = index.byPods(bucket);
          if (agents == null || agents.isEmpty()) {
            continue;
          }
          for (; word < words; word++) {
            long candidates = agents.word(word);
            if (candidates == 0) {
              continue;
            }
            candidates &= ~more.word(word);
            if (among != null) {
              candidates &= among.word(word);
            }
            int slot = candidates == 0 ? -1 : firstThatDoes(bound, candidates, word);
            if (slot >= 0) {
              return slot;
            }
          }
        }
        if (more.isEmpty()) {
          return -1;
        }
        level++;
        bucket = 0;
        word = 0;
      }
    }
  }

  /** Agents that run pods first, then any, in the order in which they became known. */
  private final class PackCursor extends Cursor {
    private boolean anywhere;
    private int word;

    @Override
    void rewind() {
      anywhere = false;
      word = 0;
    }

    @Override
    int scan(BoundShape bound) {
      int words = index.words();
      while (true) {
        Bits empty = index.byPods(0);
        for (; word < words; word++) {
          long candidates = index.offered().word(word);
          if (!anywhere && empty != null) {
            candidates &= ~empty.word(word);
          }
          int slot = candidates == 0 ? -1 : firstThatDoes(bound, candidates, word);
          if (slot >= 0) {
            return slot;
          }
        }
        if (anywhere) {
          return -1;
        }
        anywhere = true;
        word = 0;
      }
    }
  }

  /** How the pods of a job are spread over the agents. */
  private final class JobSpread {
    private final SlotCounts counts;
    private final List<Bits> moreThan = new ArrayList<>();
    private int highest;

    JobSpread(String job) {
      counts = index.ledger().bySlot(job);
      highest = counts.highest();
    }

    void add(int slot) {
      int count = counts.add(slot, 1);
      highest = Math.max(highest, count);
      if (count <= moreThan.size()) {
        moreThan.get(count - 1).add(slot);
      }
    }

    /** The agents that have more pods of the job than so many. */
    Bits moreThan(int level) {
      if (level == 0) {
        return counts.any();
      }
      while (moreThan.size() <= level) {
        int next = moreThan.size();
        Bits bits = new Bits();
        if (next < highest) {
          for (int w = 0; w < index.words(); w++) {
            for (long left = counts.any().word(w); left != 0; left &= left - 1) {
              int slot = (w << 6) + Long.numberOfTrailingZeros(left);
              if (counts.of(slot) > next) {
                bits.add(slot);
              }
            }
          }
        }
        moreThan.add(bits);
      }
      return moreThan.get(level);
    }
  }
}
