package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/**
 * How to tell whether a container does its work. Numbers that are left out, or 0, take the default
 * of Mesos.
 */
@ValidationRule(
    value =
        "has(self.enabled) && !self.enabled || has(self.type) || has(self.commandCheck) || has(self.httpCheck)",
    message = "say how to check: give commandCheck or httpCheck")
@ValidationRule(
    value = "!(has(self.commandCheck) && has(self.httpCheck)) || has(self.type)",
    message = "give either commandCheck or httpCheck, or say by type which one counts")
@ValidationRule(
    value = "!has(self.type) || self.type != 'Command' || has(self.commandCheck)",
    message = "type Command needs a commandCheck",
    fieldPath = ".commandCheck")
@ValidationRule(
    value = "!has(self.type) || self.type != 'Http' || has(self.httpCheck)",
    message = "type Http needs an httpCheck",
    fieldPath = ".httpCheck")
@Part
public record HealthCheck(
    @JsonPropertyDescription("Whether it is done; true if left out.") Boolean enabled,
    @OneOf(HealthCheckType.class)
        @JsonPropertyDescription(
            "Command, Http or Grpc. May be left out where commandCheck or httpCheck "
                + "says it. Grpc is not supported.")
        String type,
    @JsonPropertyDescription("For type Command.") CommandCheck commandCheck,
    @JsonPropertyDescription("For type Http.") HttpCheck httpCheck,
    @Min(0)
        @Max(86400)
        @JsonPropertyDescription(
            "Seconds from the start in which failures do not count; 15 if left out.")
        Integer initialIntervalSeconds,
    @Min(0) @Max(86400) @JsonPropertyDescription("Seconds between checks; 10 if left out.")
        Integer intervalSeconds,
    @Min(0)
        @Max(86400)
        @JsonPropertyDescription("Seconds until a check has failed; 20 if left out.")
        Integer timeoutSeconds,
    @Min(0)
        @Max(2147483647)
        @JsonPropertyDescription("That many failures in a row kill the container; 3 if left out.")
        Integer maxConsecutiveFailures,
    @Min(0) @Max(2147483647) @JsonPropertyDescription("Stored, not used.") Integer successThreshold,
    @JsonPropertyDescription("Stored, not used: see commandCheck.") Entrypoint command,
    @JsonPropertyDescription("Stored, not used: see httpCheck.") HttpGet httpGet) {}
