package peloton.operator.access;

import io.grpc.MethodDescriptor;
import java.util.regex.Pattern;

/**
 * Some methods, such as {@code JobService:Get*}: a service's simple name and a method's name, each
 * of which may end with a star for anything.
 */
record MethodPattern(String text, Pattern service, Pattern method) {
  private static final Pattern FORM = Pattern.compile("([A-Za-z0-9]*\\*?):([A-Za-z0-9]*\\*?)");

  /**
   * @throws IllegalArgumentException if the text is no pattern
   */
  static MethodPattern parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches() || matcher.group(1).isEmpty() || matcher.group(2).isEmpty()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is no pattern of methods; write Service:Method, such as JobService:Get*");
    }
    return new MethodPattern(text, glob(matcher.group(1)), glob(matcher.group(2)));
  }

  boolean matches(MethodDescriptor<?, ?> called) {
    String full = String.valueOf(called.getServiceName());
    return service.matcher(full.substring(full.lastIndexOf('.') + 1)).matches()
        && method.matcher(String.valueOf(called.getBareMethodName())).matches();
  }

  private static Pattern glob(String text) {
    return text.endsWith("*")
        ? Pattern.compile(Pattern.quote(text.substring(0, text.length() - 1)) + ".*")
        : Pattern.compile(Pattern.quote(text));
  }

  @Override
  public String toString() {
    return text;
  }
}
