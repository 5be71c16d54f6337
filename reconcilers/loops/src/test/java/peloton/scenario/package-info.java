/**
 * Whole stories on the real loops: a virtual clock, the store in memory, and a Mesos that follows a
 * script. Everything runs on the test's thread, so a story always runs the same way, and it can be
 * cut anywhere: {@link peloton.scenario.CrashSweep} does so everywhere.
 */
package peloton.scenario;
