/**
 * The operator's settings: what there is to set, where a value comes from (file, environment,
 * flags; the later wins), and which values are allowed. The only place that knows a setting's name
 * or its default. Used by the process and by the command that starts it.
 */
package peloton.operator.config;
