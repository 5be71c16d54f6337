package peloton.store.view;

import java.util.List;

/**
 * Follows a view. All calls come on the view's thread, in revision order; while one runs, the view
 * stands still, so what it reads of the view's records is consistent. It must not block.
 */
public interface ViewListener {

  /**
   * The view as it stands when the listener is attached, and again after the view had to be read
   * anew because changes were lost: whatever the listener derived from earlier calls is void.
   */
  void onSnapshot(Records records, long revision);

  /** Changes, already applied to the records: whole revisions, in order. */
  void onChanges(List<RecordChange> changes, long revision);
}
