package peloton.loop;

/** Where an agent's HTTP endpoints are, as its offers said. */
public record AgentAddress(String hostname, String ip, int port) {}
