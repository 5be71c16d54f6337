/**
 * The embedded Mesos: a master and agents inside one JVM that speak the Mesos v1 HTTP protocol on a
 * real socket, for laptops, tests and benchmarks. Start one with {@link
 * peloton.mesos.local.LocalMesos}; the packages beneath are its parts and of no use alone. What it
 * lets pass and Mesos would not is a bug.
 */
package peloton.mesos.local;
