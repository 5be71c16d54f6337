package peloton.mesos.local.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** The two forms of calls and events. */
enum MediaType {
  PROTOBUF("application/x-protobuf") {
    @Override
    Call parse(byte[] body) throws InvalidProtocolBufferException {
      return Call.parser().parsePartialFrom(body);
    }

    @Override
    byte[] encode(Event event) {
      return event.toByteArray();
    }
  },
  JSON("application/json") {
    @Override
    Call parse(byte[] body) throws InvalidProtocolBufferException {
      var builder = Call.newBuilder();
      PARSER.merge(new String(body, StandardCharsets.UTF_8), builder);
      return builder.buildPartial();
    }

    @Override
    byte[] encode(Event event) {
      try {
        return PRINTER.print(event).getBytes(StandardCharsets.UTF_8);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("An event has no form in JSON", e);
      }
    }
  };

  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  private final String type;

  MediaType(String type) {
    this.type = type;
  }

  String type() {
    return type;
  }

  /** Reads a call; required fields may still be missing. */
  abstract Call parse(byte[] body) throws InvalidProtocolBufferException;

  abstract byte[] encode(Event event);

  /** The form that a Content-Type names, parameters aside. */
  static Optional<MediaType> of(String contentType) {
    String bare = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    for (var form : values()) {
      if (form.type.equals(bare)) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }

  /** The form to answer in; Mesos prefers JSON where both will do. */
  static Optional<MediaType> accepted(Optional<String> accept) {
    if (accept.isEmpty()) {
      return Optional.of(JSON);
    }
    boolean protobuf = false;
    for (var part : accept.get().split(",")) {
      String bare = part.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
      if (bare.equals(JSON.type) || bare.equals("*/*") || bare.equals("application/*")) {
        return Optional.of(JSON);
      }
      protobuf |= bare.equals(PROTOBUF.type);
    }
    return protobuf ? Optional.of(PROTOBUF) : Optional.empty();
  }
}
