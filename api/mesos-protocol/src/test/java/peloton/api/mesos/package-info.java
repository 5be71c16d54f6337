/** Shows that the Mesos messages made from descriptors alone are whole and are ours. */
package peloton.api.mesos;
