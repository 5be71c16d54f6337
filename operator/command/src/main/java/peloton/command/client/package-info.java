/**
 * What every client subcommand shares: the connection to the server, its options, how a failed call
 * becomes a message and an exit code, and how a job is named.
 */
package peloton.command.client;
