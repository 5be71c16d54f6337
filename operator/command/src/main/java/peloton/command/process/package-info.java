/**
 * The subcommands that are servers: they run in the foreground until SIGTERM, Ctrl-C, or, for the
 * children of a local cluster, until their parent is gone.
 */
package peloton.command.process;
