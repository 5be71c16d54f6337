"""Drives a job through its life as a Python client does: create, update, watch, stop.

Usage: client_test.py HOST:PORT; the stubs that protoc makes of the API must be on the path. Exits
with 0 if all is as the API promises, else with a traceback.
"""

import sys
import threading
import time

import grpc

from peloton.api.v1alpha import peloton_pb2 as peloton
from peloton.api.v1alpha.job.stateless import stateless_pb2 as stateless
from peloton.api.v1alpha.job.stateless.svc import stateless_svc_pb2 as job_svc
from peloton.api.v1alpha.job.stateless.svc import stateless_svc_pb2_grpc as job_grpc
from peloton.api.v1alpha.pod import pod_pb2 as pod
from peloton.api.v1alpha.respool import respool_pb2 as respool
from peloton.api.v1alpha.respool.svc import respool_svc_pb2 as respool_svc
from peloton.api.v1alpha.respool.svc import respool_svc_pb2_grpc as respool_grpc
from peloton.api.v1alpha.watch import watch_pb2 as watch
from peloton.api.v1alpha.watch.svc import watch_svc_pb2 as watch_svc
from peloton.api.v1alpha.watch.svc import watch_svc_pb2_grpc as watch_grpc

INSTANCES = 3
CALL_LIMIT = 20
WAIT_LIMIT = 60


class Watcher(threading.Thread):
    """Keeps what a watch of one job's pods tells, in its order."""

    def __init__(self, stub, job_id):
        super().__init__(daemon=True)
        self.changes = []
        self.revisions = []
        self.watch_id = None
        self.ended = None
        self.begun = threading.Event()
        request = watch_svc.WatchRequest(pod_filter=watch.PodFilter(job_id=job_id))
        self._responses = stub.Watch(request)

    def run(self):
        try:
            for response in self._responses:
                if self.watch_id is None:
                    self.watch_id = response.watch_id
                    self.begun.set()
                assert response.watch_id == self.watch_id
                if response.pods:
                    self.revisions.append(response.revision)
                for changed in response.pods:
                    status = changed.status
                    self.changes.append(
                        (changed.pod_name.value, status.state, status.version.value))
        except grpc.RpcError as error:
            self.ended = error.code()
        finally:
            self.begun.set()

    def has_seen(self, state, version):
        names = {name for name, s, v in list(self.changes) if s == state and v == version}
        return len(names) == INSTANCES


def wait_until(what, holds):
    deadline = time.monotonic() + WAIT_LIMIT
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("not within %d s: %s" % (WAIT_LIMIT, what))
        time.sleep(0.1)


def refused(code, call, request):
    try:
        call(request, timeout=CALL_LIMIT)
    except grpc.RpcError as error:
        assert error.code() == code, (error.code(), error.details())
        return error.details()
    raise AssertionError("taken, but %s was due: %s" % (code, request))


def make_pool(stub):
    spec = respool.ResourcePoolSpec(
        name="python",
        parent=peloton.ResourcePoolID(value="root"),
        resources=[
            respool.ResourceSpec(kind="cpu", reservation=1, limit=2, share=1),
            respool.ResourceSpec(kind="memory", reservation=256, limit=512, share=1),
            respool.ResourceSpec(kind="disk", reservation=256, limit=512, share=1),
        ],
    )
    request = respool_svc.CreateResourcePoolRequest(spec=spec)
    return stub.CreateResourcePool(request, timeout=CALL_LIMIT).respool_id


def job_spec(pool_id, version):
    container = pod.ContainerSpec(
        name="main",
        resource=pod.ResourceSpec(cpu_limit=0.1, mem_limit_mb=16, disk_limit_mb=16),
        entrypoint=pod.CommandSpec(value="echo %s; while sleep 1; do :; done" % version),
    )
    default = pod.PodSpec(containers=[container])
    default.mesos_spec.shell = True
    default.kill_grace_period_seconds = 2
    return stateless.JobSpec(
        name="from-python",
        instance_count=INSTANCES,
        default_spec=default,
        respool_id=pool_id,
    )


def main(address):
    channel = grpc.insecure_channel(address)
    jobs = job_grpc.JobServiceStub(channel)
    watches = watch_grpc.WatchServiceStub(channel)
    pool_id = make_pool(respool_grpc.ResourcePoolServiceStub(channel))

    # A job that waits for a resume can be watched from its first pod on.
    created = jobs.CreateJob(
        job_svc.CreateJobRequest(
            spec=job_spec(pool_id, "one"),
            create_spec=stateless.CreateSpec(start_paused=True),
        ),
        timeout=CALL_LIMIT,
    )
    job_id = created.job_id
    assert created.version.value == "1-1-1", created
    watcher = Watcher(watches, job_id)
    watcher.start()
    assert watcher.begun.wait(CALL_LIMIT) and watcher.watch_id

    resumed = jobs.ResumeJobWorkflow(
        job_svc.ResumeJobWorkflowRequest(job_id=job_id, version=created.version),
        timeout=CALL_LIMIT,
    )
    wait_until("the watch has seen all pods run",
               lambda: watcher.has_seen(pod.POD_STATE_RUNNING, "1-0-0"))

    def workflow():
        request = job_svc.GetJobRequest(job_id=job_id, summary_only=True)
        return jobs.GetJob(request, timeout=CALL_LIMIT).summary.status.workflow_status

    wait_until("the creation has succeeded",
               lambda: workflow().state == stateless.WORKFLOW_STATE_SUCCEEDED)

    # Two writers that have read the same version: the second is told so.
    update = job_svc.ReplaceJobRequest(
        job_id=job_id,
        version=resumed.version,
        spec=job_spec(pool_id, "two"),
        update_spec=stateless.UpdateSpec(batch_size=1),
    )
    replaced = jobs.ReplaceJob(update, timeout=CALL_LIMIT)
    details = refused(grpc.StatusCode.ABORTED, jobs.ReplaceJob, update)
    assert "unexpected entity version" in details, details
    wait_until("the watch has seen all pods run the new version",
               lambda: watcher.has_seen(pod.POD_STATE_RUNNING, "2-0-0"))
    wait_until("the update has succeeded",
               lambda: workflow().state == stateless.WORKFLOW_STATE_SUCCEEDED)

    jobs.StopJob(
        job_svc.StopJobRequest(job_id=job_id, version=replaced.version), timeout=CALL_LIMIT)
    wait_until("the watch has seen all pods stopped",
               lambda: watcher.has_seen(pod.POD_STATE_KILLED, "2-0-0"))
    listed = [summary
              for response in jobs.ListPods(
                  job_svc.ListPodsRequest(job_id=job_id), timeout=CALL_LIMIT)
              for summary in response.pods]
    assert len(listed) == INSTANCES, listed
    assert all(p.status.state == pod.POD_STATE_KILLED for p in listed), listed

    # Any connection may end a watch.
    with grpc.insecure_channel(address) as other:
        watch_grpc.WatchServiceStub(other).Cancel(
            watch_svc.CancelRequest(watch_id=watcher.watch_id), timeout=CALL_LIMIT)
    watcher.join(CALL_LIMIT)
    assert watcher.ended == grpc.StatusCode.CANCELLED, watcher.ended
    assert watcher.revisions == sorted(watcher.revisions), watcher.revisions

    status = jobs.GetJob(
        job_svc.GetJobRequest(job_id=job_id, summary_only=True), timeout=CALL_LIMIT).summary.status
    jobs.DeleteJob(
        job_svc.DeleteJobRequest(job_id=job_id, version=status.version, force=True),
        timeout=CALL_LIMIT)

    def is_gone():
        try:
            jobs.GetJob(job_svc.GetJobRequest(job_id=job_id), timeout=CALL_LIMIT)
            return False
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.NOT_FOUND, error
            return True

    wait_until("the job is gone", is_gone)
    print("%d changes of pods seen" % len(watcher.changes))


if __name__ == "__main__":
    main(sys.argv[1])
