/**
 * What infrastructure asks of a replica over plain HTTP: {@code /livez}, {@code /readyz} and {@code
 * /metrics}. Fed by the process; knows neither jobs nor etcd, only checks and a text to serve.
 */
package peloton.operator.http;
