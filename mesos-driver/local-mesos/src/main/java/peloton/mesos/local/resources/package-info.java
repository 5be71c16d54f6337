/**
 * Amounts of resources as Mesos counts them: scalars in thousandths, ranges inclusive. Values only;
 * everyone in this module may use them.
 */
package peloton.mesos.local.resources;
