package peloton.operator.access;

import java.util.Optional;

/**
 * Somebody who may call.
 *
 * @param token SHA-256 of the token by which they are known, lower-case hexadecimal
 * @param certificate a name in the certificate by which they are known: its common name, or one of
 *     its alternative names
 */
record Client(String name, Role role, Optional<String> token, Optional<String> certificate) {}
