/**
 * What a ResourcePool's controller does next, decided as for jobs: pure, one request of the pool
 * API at a time, by the present alone.
 */
package peloton.controllers.pool;
