/**
 * What is to be done about persistent volumes: pure decisions. The volume loop carries them out.
 */
package peloton.volume;
