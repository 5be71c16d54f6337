/**
 * The names that jobs, pods and their versions go by, as values: how they are written, read and
 * turned into the API's messages. Holds no state and reaches nothing; any package may use it.
 *
 * <p>Text is read strictly, so that one thing has one name: what {@code parse} accepts, {@code
 * toString} gives back to the letter.
 */
package peloton.api.ids;
