/** How results are shown: aligned tables for people, JSON and YAML for programs. */
package peloton.command.output;
