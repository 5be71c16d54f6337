package peloton.store.view;

import com.google.protobuf.Message;
import java.util.Optional;

/** A record that was written, or deleted when there is no value. */
public record RecordChange(RecordKey key, Optional<Message> value, long revision) {}
