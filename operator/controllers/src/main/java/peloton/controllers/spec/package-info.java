/**
 * What custom resources ask for, in the messages of the API. Pure: the same resource always gives
 * the same message, so that one that did not change can be told by comparing messages. Problems are
 * collected with the paths of the resource, and never thrown.
 */
package peloton.controllers.spec;
