"""Drives `rollcall serve` with Debian's python3-grpcio and stubs made from the published proto files:
create a plan, upload an export, page changes, apply, watch to the end, break a watch and resume it,
cancel, be refused.

    /usr/bin/python3 python_grpcio.py ROLLCALL ROLLCALL_TWIN STUBS_FOLDER
"""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import grpc

ROLLCALL, TWIN, STUBS = sys.argv[1:]
sys.path.insert(0, STUBS)

from rollcall.v1 import errors_pb2, reconciler_pb2, reconciler_pb2_grpc, resources_pb2  # noqa: E402
from rollcall.wire import rpc_status_pb2  # noqa: E402

EXPECTED = 22  # checks
PATIENCE = 120  # seconds
Plan = resources_pb2.Plan
Run = resources_pb2.Run
held = 0
failed = 0


def check(name, good, detail=""):
    global held, failed
    held, failed = held + bool(good), failed + (not good)
    print(f"{'ok  ' if good else 'FAIL'} python3-grpcio: {name}"
          + (f": {detail}" if detail and not good else ""), flush=True)


class World:
    """A twin with a made-up company, and a real agent on a port that the system chose."""

    def __init__(self, seed, rate, drift):
        self.folder = tempfile.mkdtemp(prefix="rollcall-python-")
        self.children = []
        twin = self._start([TWIN, "--company", f"people=60,groups=4,drift={drift},seed={seed}",
                            "--out", "exports"], "stdout")
        with open(os.path.join(self.folder, "rollcall.yaml"), "w", encoding="utf-8") as config:
            config.write(f"""state: state.db
export: {{people: exports/people.json, groups: exports/groups.json}}
directories:
  - {{id: corp, people: all, policy: {{activate: all}}, rate: {rate}, concurrency: 1,
     scim: {{url: "{twin['scim']['base_url']}", token: {{env: TWIN_TOKEN}}}}}}
groups: [{{export: "*", directory: corp}}]
guards: {{max_deactivations: false, max_activations: false, max_removals: false,
         max_additions: false, max_group_removals: false, emptied_group: false, privileged: false}}
serve: {{listen: "127.0.0.1:0", drain: 2s}}
""")
        agent = self._start([ROLLCALL, "--config", "rollcall.yaml", "serve"], "stderr",
                            TWIN_TOKEN=twin["scim"]["token"])
        self.address = agent["address"]

    def _start(self, command, stream, **environment):
        streams = {"stdout": subprocess.DEVNULL, "stderr": None, stream: subprocess.PIPE}
        child = subprocess.Popen(command, cwd=self.folder, env={**os.environ, **environment},
                                 **streams)
        self.children.append(child)
        # Until it says where it listens: other threads may have said something before.
        for line in getattr(child, stream):
            told = json.loads(line)
            if "address" in told or "twin" in told:
                return told
        raise RuntimeError(f"{command[0]} ended with {child.wait()}")

    def read(self, name):
        with open(os.path.join(self.folder, "exports", name), "rb") as file:
            return file.read()

    def stop_agent(self):
        agent = self.children[-1]
        agent.send_signal(signal.SIGTERM)
        agent.stderr.read()
        check("the agent ends with 0 on SIGTERM", agent.wait(PATIENCE) == 0, agent.returncode)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Client:
    def __init__(self, address):
        channel = grpc.insecure_channel(
            address, options=[("grpc.max_receive_message_length", 64 << 20)])
        self.stub = reconciler_pb2_grpc.ReconcilerStub(channel)

    def plan(self, **wishes):
        plan = self.stub.CreatePlan(reconciler_pb2.CreatePlanRequest(**wishes), timeout=PATIENCE)
        check("a plan answers at once, PLANNING", plan.state == Plan.PLANNING, plan.state)
        wanted = reconciler_pb2.GetPlanRequest(name=f"plans/{plan.id}",
                                               view=reconciler_pb2.GetPlanRequest.FULL)
        while plan.state == Plan.PLANNING:
            plan = self.stub.GetPlan(wanted, timeout=PATIENCE)
        return plan

    def apply(self, plan, **more):
        waiver = resources_pb2.Waiver(guard="first_run", reason="read and agreed")
        return self.stub.ApplyPlan(reconciler_pb2.ApplyPlanRequest(
            name=f"plans/{plan.id}", etag=plan.etag, waivers=[waiver], **more), timeout=PATIENCE)

    def pages(self, plan, size):
        request = reconciler_pb2.ListChangesRequest(parent=f"plans/{plan.id}", page_size=size)
        while True:
            page = self.stub.ListChanges(request, timeout=PATIENCE)
            yield list(page.changes)
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    def watch(self, run, after=0, most=None):
        """Until the end, or until so many events have come; then the stream is broken off."""
        stream = self.stub.WatchRun(
            reconciler_pb2.WatchRunRequest(name=f"runs/{run.id}", after=after), timeout=PATIENCE)
        first, events = None, []
        for message in stream:
            first = first or message.run
            events.extend(message.events)
            if most is not None and len(events) >= most:
                stream.cancel()
                break
        return first, events

    def upload(self, data, part, claim=None):
        header = reconciler_pb2.UploadExportRequest.Header
        sha256 = hashlib.sha256(data if claim is None else claim).hexdigest()

        def messages():
            yield reconciler_pb2.UploadExportRequest(
                header=header(part=part, size=len(data), sha256=sha256))
            for at in range(0, len(data), 10_000):
                yield reconciler_pb2.UploadExportRequest(data=data[at:at + 10_000])

        return self.stub.UploadExport(messages(), timeout=PATIENCE)


def refusal(call):
    """The canonical code and the machine-readable reason of what must be refused."""
    try:
        call()
    except grpc.RpcError as error:
        for key, value in error.trailing_metadata():
            if key != "grpc-status-details-bin":
                continue
            for detail in rpc_status_pb2.RpcStatus.FromString(value).details:
                info = rpc_status_pb2.ErrorInfo.FromString(detail.value)
                errors_pb2.ErrorReason.Value(info.reason)  # one that is published
                return f"{error.code().name} {info.reason}"
        return error.code().name
    return "OK"


def without_gap(events):
    return bool(events) and [event.number for event in events] == list(range(1, len(events) + 1))


def main_job():
    header = reconciler_pb2.UploadExportRequest.Header
    with World(seed=7, rate=2000, drift=3) as world:
        client = Client(world.address)
        blocked = client.plan()
        check("a blocked plan is an answer", blocked.state == Plan.BLOCKED, blocked.state)
        pages = list(client.pages(blocked, 2))
        check("its changes come in pages of two, each once",
              sum(pages, []) == list(blocked.changes) and max(map(len, pages)) == 2
              and len(pages) > 1)

        people, groups = world.read("people.json"), world.read("groups.json")
        same = client.plan(people=client.upload(people, header.PEOPLE).name,
                           groups=client.upload(groups, header.GROUPS).name)
        check("an uploaded export gives the same changes",
              list(same.changes) == list(blocked.changes))
        check("an upload whose checksum does not fit is refused",
              refusal(lambda: client.upload(people, header.PEOPLE, b"other"))
              == "INVALID_ARGUMENT UPLOAD_DAMAGED")

        apply = client.stub.ApplyPlan
        request = reconciler_pb2.ApplyPlanRequest(name=f"plans/{blocked.id}", etag="0" * 64)
        check("an etag that moved",
              refusal(lambda: apply(request)) == "FAILED_PRECONDITION ETAG_MISMATCH")
        request.etag = blocked.etag
        check("a guard that was not waived",
              refusal(lambda: apply(request)) == "FAILED_PRECONDITION GUARD_BLOCKS")

        run = client.apply(blocked, request_id="apply-once")
        check("a repeated request answers with the same run",
              client.apply(blocked, request_id="apply-once").id == run.id)
        first, events = client.watch(run)
        check("a watch begins with the run", first.id == run.id)
        check("and tells every event once, to the end",
              without_gap(events) and events[-1].state == Run.SUCCEEDED)
        _, broken = client.watch(run, most=2)
        _, resumed = client.watch(run, after=broken[-1].number)
        check("a broken watch resumes without a gap or a repeat", broken + resumed == events)
        outcomes = client.stub.ListOutcomes(
            reconciler_pb2.ListOutcomesRequest(parent=f"runs/{run.id}"), timeout=PATIENCE).outcomes
        check("every change has a verified outcome",
              {outcome.change for outcome in outcomes if outcome.verified}
              == {change.id for change in blocked.changes})
        empty = client.plan()
        check("a second plan is EMPTY", empty.state == Plan.EMPTY, empty.state)
        world.stop_agent()


def cancelling():
    with World(seed=8, rate=10, drift=8) as world:
        client = Client(world.address)
        plan = client.plan()
        run = client.apply(plan)
        _, broken = client.watch(run, most=2)
        client.stub.CancelRun(reconciler_pb2.CancelRunRequest(
            name=f"runs/{run.id}", reason="the wrong week"), timeout=PATIENCE)
        _, resumed = client.watch(run, after=broken[-1].number)
        check("a cancelled run ends CANCELLED", resumed[-1].state == Run.CANCELLED)
        check("a watch broken at work resumes without a gap or a repeat",
              without_gap(broken + resumed))
        rest = client.plan()
        check("the rest is in a new plan", 0 < len(rest.changes) < len(plan.changes),
              f"{len(rest.changes)} of {len(plan.changes)}")
        world.stop_agent()


def main():
    try:
        main_job()
        cancelling()
    except Exception as error:  # whatever it is, it is told as a check that failed
        check("no error", False, repr(error))
    if failed == 0 and held != EXPECTED:
        print(f"FAIL python3-grpcio: {EXPECTED} checks were expected")
    print(f"python3-grpcio: {held} checks held, {failed} failed")
    return 0 if failed == 0 and held == EXPECTED else 1


sys.exit(main())
