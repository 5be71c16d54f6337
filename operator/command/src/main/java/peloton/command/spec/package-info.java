/**
 * Spec files: YAML (or JSON, which is YAML) to the messages of the API.
 *
 * <p>A file is composed to nodes, so that every error can name its line and column, and the nodes
 * are read against the message's descriptor. Three spellings of a field name are accepted: the
 * camelCase of proto3 JSON, the snake_case of the .proto file, and the squashed lower case that
 * Peloton's own command used. What the file does not say is left to the server: nothing is
 * defaulted here, and no value is judged beyond its type. Called by the commands only.
 */
package peloton.command.spec;
