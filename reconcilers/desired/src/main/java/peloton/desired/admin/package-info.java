/**
 * What operators lock down in an emergency: kept in the store, so that every replica and every
 * leader obeys until it is removed. Written by the API's admin service; read by the API's services
 * and by the loops.
 */
package peloton.desired.admin;
