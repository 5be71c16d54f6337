/** What is in the container image, unpacked and run as far as a machine without containers can. */
package peloton.command.image;
