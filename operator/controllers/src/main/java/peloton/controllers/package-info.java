/**
 * Between custom resources and desired state. {@link peloton.controllers.spec} translates what
 * resources ask for, {@link peloton.controllers.job} decides what to do about it, {@link
 * peloton.controllers.status} says what came of it. Knows the API's messages and the resources; no
 * Kubernetes client, no gRPC, no clock.
 */
package peloton.controllers;
