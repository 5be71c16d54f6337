package peloton.command.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodRecord;

/**
 * The fields of a pod record that a witness of many thousands looks at, read without the rest.
 *
 * @param version the configuration version that the run is on
 */
record PodSighting(long run, PodState state, long version) {

  /** Reads a stored record. */
  static PodSighting of(ByteString record) {
    long run = 0;
    int state = 0;
    long version = 0;
    CodedInputStream input = record.newCodedInput();
    try {
      int tag;
      while ((tag = input.readTag()) != 0
          && WireFormat.getTagFieldNumber(tag) <= PodRecord.VERSION_FIELD_NUMBER) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case PodRecord.RUN_FIELD_NUMBER -> run = input.readUInt64();
          case PodRecord.STATE_FIELD_NUMBER -> state = input.readEnum();
          case PodRecord.VERSION_FIELD_NUMBER -> version = input.readUInt64();
          default -> input.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new BenchFailure("a pod record cannot be read: " + e, e);
    }
    PodState known = PodState.forNumber(state);
    return new PodSighting(run, known == null ? PodState.UNRECOGNIZED : known, version);
  }

  boolean running() {
    return state == PodState.POD_STATE_RUNNING;
  }
}
