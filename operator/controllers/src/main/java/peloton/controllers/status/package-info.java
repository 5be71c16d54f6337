/**
 * What came of a custom resource, in its status. Pure: facts and the status so far give the next
 * status, equal to the one so far if nothing changed, so that nothing need be written then.
 */
package peloton.controllers.status;
