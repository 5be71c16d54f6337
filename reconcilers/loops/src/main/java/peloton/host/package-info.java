/**
 * What to do with a host, decided from what people want of it and what is seen of it. Used by the
 * host loop only; knows neither Mesos' calls nor the store.
 */
package peloton.host;
