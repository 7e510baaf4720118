// Drives `rollcall serve` with @grpc/grpc-js and the published proto files, as a control plane
// would that was written by others: create a plan, upload an export, page changes, apply, watch to
// the end, break a watch and resume it, cancel, be refused; take one person out and back in.
//
//   node grpc.mjs ROLLCALL ROLLCALL_TWIN PROTO_FOLDER
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import { Served, withoutGap } from "./served.mjs";

const [rollcall, twin, protos] = process.argv.slice(2);
const served = new Served("grpc-js", rollcall, twin);
const check = (name, good, detail) => served.check(name, good, detail);

const definition = loader.loadSync("rollcall/v1/reconciler.proto",
  { includeDirs: [protos], longs: Number, enums: String, arrays: true, oneofs: true });
const { Reconciler } = grpc.loadPackageDefinition(definition).rollcall.v1;

class Client {
  constructor(address) {
    this.stub = new Reconciler(address, grpc.credentials.createInsecure(),
      { "grpc.max_receive_message_length": 64 << 20 });
  }
  call(method, request) {
    return new Promise((resolve, reject) => {
      this.stub[method](request, { deadline: Date.now() + 120_000 },
        (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }
  // The canonical code and the machine-readable reason of the refusal.
  async refusal(method, request) {
    try {
      await this.call(method, request);
    } catch (error) {
      const details = error.metadata.get("grpc-status-details-bin")[0];
      const reason = /[A-Z_]{6,}/.exec(details ? details.toString("latin1").split("ErrorInfo")[1] : "");
      return `${grpc.status[error.code]} ${reason}`;
    }
    return "OK";
  }
  async plan(request = {}) {
    let plan = await this.call("createPlan", request);
    check("a plan answers at once, PLANNING", plan.state === "PLANNING", plan.state);
    while (plan.state === "PLANNING") {
      plan = await this.call("getPlan", { name: `plans/${plan.id}`, view: "FULL" });
    }
    return plan;
  }
  apply(plan, more = {}) {
    return this.call("applyPlan", {
      name: `plans/${plan.id}`, etag: plan.etag,
      waivers: [{ guard: "first_run", reason: "read and agreed" }], ...more });
  }
  // Until the end, or until so many events have come; then the stream is broken off.
  watch(run, after = 0, most = Infinity) {
    return new Promise((resolve, reject) => {
      const events = [];
      const stream = this.stub.watchRun({ name: `runs/${run}`, after });
      let first;
      stream.on("data", (message) => {
        first ??= message.run;
        events.push(...message.events);
        if (events.length >= most) stream.cancel();
      });
      stream.on("error", (error) =>
        error.code === grpc.status.CANCELLED ? resolve({ first, events }) : reject(error));
      stream.on("end", () => resolve({ first, events }));
    });
  }
  // What the stream told until its end.
  person(method, request) {
    return new Promise((resolve, reject) => {
      const notes = [];
      let report;
      const stream = this.stub[method](request, { deadline: Date.now() + 120_000 });
      stream.on("data", (message) => {
        notes.push(...message.notes);
        report = message.report ?? report;
      });
      stream.on("error", reject);
      stream.on("end", () => resolve({ notes, report }));
    });
  }
  upload(bytes, part, claim = bytes) {
    return new Promise((resolve, reject) => {
      const stream = this.stub.uploadExport((error, answer) =>
        error ? reject(error) : resolve(answer));
      stream.on("error", () => {});
      stream.write({ header: { part, size: bytes.length,
        sha256: createHash("sha256").update(claim).digest("hex") } });
      for (let at = 0; at < bytes.length; at += 10_000) {
        stream.write({ data: bytes.subarray(at, at + 10_000) });
      }
      stream.end();
    });
  }
}

async function mainJob() {
  const { agent, address, exports } = await served.world(7, 2000);
  const client = new Client(address);
  const blocked = await client.plan();
  check("a blocked plan is an answer", blocked.state === "BLOCKED", blocked.state);

  const paged = [];
  let token = "";
  do {
    const page = await client.call("listChanges",
      { parent: `plans/${blocked.id}`, pageSize: 3, pageToken: token });
    paged.push(...page.changes.map((change) => change.id));
    token = page.nextPageToken;
  } while (token);
  check("its changes come in pages, each once",
    JSON.stringify(paged) === JSON.stringify(blocked.changes.map((change) => change.id)));

  const people = readFileSync(join(exports, "people.json"));
  const groups = readFileSync(join(exports, "groups.json"));
  const uploaded = await client.upload(people, "PEOPLE");
  const uploadedGroups = await client.upload(groups, "GROUPS");
  const same = await client.plan({ people: uploaded.name, groups: uploadedGroups.name });
  check("an uploaded export gives the same changes",
    JSON.stringify(same.changes) === JSON.stringify(blocked.changes));
  check("an upload is used up by its plan",
    await client.refusal("createPlan", { people: uploaded.name }) === "NOT_FOUND NO_SUCH_RESOURCE");
  const again = { requestId: "plan-of-an-upload",
    people: (await client.upload(people, "PEOPLE")).name,
    groups: (await client.upload(groups, "GROUPS")).name };
  const made = await client.plan(again);
  const repeated = await client.call("createPlan", again);
  check("a repeated request with an upload answers with the plan that was made of it",
    repeated.id === made.id && repeated.id !== same.id && repeated.etag === made.etag, repeated.id);
  check("and not with another one for other wishes under the same id",
    await client.refusal("createPlan", { requestId: again.requestId })
    === "ALREADY_EXISTS REQUEST_ID_REUSED");
  const { plans } = await client.call("listPlans", {});
  check("nothing was planned twice", plans.length === 3, String(plans.length));
  const damaged = await client.upload(people, "PEOPLE", Buffer.from("other")).catch((e) => e);
  check("an upload whose checksum does not fit is refused",
    damaged.code === grpc.status.INVALID_ARGUMENT, String(damaged.code));

  const named = { name: `plans/${blocked.id}` };
  check("an etag that moved", await client.refusal("applyPlan", { ...named, etag: "0".repeat(64) })
    === "FAILED_PRECONDITION ETAG_MISMATCH");
  check("a guard that was not waived",
    await client.refusal("applyPlan", { ...named, etag: blocked.etag })
    === "FAILED_PRECONDITION GUARD_BLOCKS");

  const run = await client.apply(blocked);
  const { first, events } = await client.watch(run.id);
  check("a watch begins with the run", first?.id === run.id);
  check("and tells every event once, to the end",
    withoutGap(events) && events.at(-1).state === "SUCCEEDED", JSON.stringify(events.at(-1)));
  const broken = await client.watch(run.id, 0, 2);
  const resumed = await client.watch(run.id, broken.events.at(-1).number);
  check("a broken watch resumes without a gap or a repeat",
    JSON.stringify([...broken.events, ...resumed.events]) === JSON.stringify(events));
  const empty = await client.plan();
  check("a second plan is EMPTY", empty.state === "EMPTY", empty.state);
  check("a plan that was applied is not applied again",
    await client.refusal("applyPlan", { ...named, etag: blocked.etag })
    === "FAILED_PRECONDITION PLAN_STALE");
  await served.stop(agent);
}

async function cancelling() {
  const { agent, address } = await served.world(8, 20);
  const client = new Client(address);
  const plan = await client.plan();
  const run = await client.apply(plan);
  await client.watch(run.id, 0, 2);
  await client.call("cancelRun", { name: `runs/${run.id}`, reason: "the wrong week" });
  const { events } = await client.watch(run.id);
  check("a cancelled run ends CANCELLED", events.at(-1).state === "CANCELLED");
  const rest = await client.plan();
  check("the rest is in a new plan",
    rest.changes.length > 0 && rest.changes.length < plan.changes.length,
    `${rest.changes.length} of ${plan.changes.length}`);
  await served.stop(agent);
}

// Somebody leaves, and comes back.
async function onePerson() {
  const { agent, address, exports } = await served.world(9, 2000, 0);
  const client = new Client(address);
  const { Resources: people } = JSON.parse(readFileSync(join(exports, "people.json")));
  const person = people.find((one) => one.active).userName;
  const out = { person, reason: "laptop stolen" };
  const gone = await client.person("deactivatePerson", out);
  check("a person leaves with one call", gone.report?.verdict === "OUT" && !gone.report.exitCode,
    JSON.stringify(gone));
  check("the hold is told first", /^Recorded hold 1: /.test(gone.notes[0]), gone.notes[0]);
  check("the run is that of the call", gone.report.run.state === "SUCCEEDED"
    && gone.report.run.outcomes.length === gone.report.plan.changes.length);
  const again = await client.person("deactivatePerson", out);
  check("asked again it does nothing twice",
    again.report.verdict === "OUT" && !again.report.run, JSON.stringify(again.report));
  const { holds } = await client.call("listHolds", {});
  check("one hold stands for it", holds.length === 1 && holds[0].reason.startsWith("laptop stolen (asked for by "));
  const back = { person, reason: "found", endTime: { seconds: Math.floor(Date.now() / 1000) + 3600 } };
  const refused = await client.person("activatePerson", back).catch((error) => error);
  check("what keeps out wins", refused.code === grpc.status.FAILED_PRECONDITION
    && /holds end 1/.test(refused.details), String(refused.details));
  await client.call("endHold", { name: "holds/1" });
  const here = await client.person("activatePerson", back);
  check("without the hold the person is back", here.report.verdict === "ACCESS",
    JSON.stringify(here.report));
  await served.stop(agent);
}

await served.run(33, mainJob, cancelling, onePerson);
