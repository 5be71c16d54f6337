/** Tests of the parts of the loops that can be tested by themselves. */
package peloton.loop;
