/**
 * The sockets of a local Mesos: HTTP/1.1 with keep-alive and pipelining, the scheduler API and the
 * agents' files. Connection threads parse, encode and answer what needs no state; everything else
 * goes to the event loop.
 */
package peloton.mesos.local.http;
