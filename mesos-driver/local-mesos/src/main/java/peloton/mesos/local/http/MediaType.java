package peloton.mesos.local.http;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** The two forms of calls, answers and events. */
enum MediaType {
  PROTOBUF("application/x-protobuf") {
    @Override
    void parse(byte[] body, Message.Builder call) throws InvalidProtocolBufferException {
      try {
        call.mergeFrom(CodedInputStream.newInstance(body));
      } catch (InvalidProtocolBufferException e) {
        throw e;
      } catch (IOException e) {
        throw new InvalidProtocolBufferException(e);
      }
    }

    @Override
    byte[] encode(Message message) {
      return message.toByteArray();
    }
  },
  JSON("application/json") {
    @Override
    void parse(byte[] body, Message.Builder call) throws InvalidProtocolBufferException {
      PARSER.merge(new String(body, StandardCharsets.UTF_8), call);
    }

    @Override
    byte[] encode(Message message) {
      try {
        return PRINTER.print(message).getBytes(StandardCharsets.UTF_8);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("A message has no form in JSON", e);
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
  abstract void parse(byte[] body, Message.Builder call) throws InvalidProtocolBufferException;

  abstract byte[] encode(Message message);

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
