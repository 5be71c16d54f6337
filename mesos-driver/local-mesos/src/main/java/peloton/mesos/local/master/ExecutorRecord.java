package peloton.mesos.local.master;

import org.apache.mesos.v1.Protos.ExecutorInfo;
import peloton.mesos.local.agent.ExecutorKey;
import peloton.mesos.local.resources.Resources;

/** What the master knows of one default executor. */
record ExecutorRecord(
    ExecutorKey key, ExecutorInfo info, AgentSlot agent, String role, Resources resources) {}
