// Drives `rollcall serve` with `buf curl`, which knows nothing of it but what the agent's own
// reflection says: list what there is, create a plan, upload an export, page changes, apply, watch
// to the end, break a watch and resume it, cancel, be refused.
//
//   node buf.mjs ROLLCALL ROLLCALL_TWIN
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Served, withoutGap } from "./served.mjs";

const [rollcall, twin] = process.argv.slice(2);
// The program itself: the package's own command is a script that would outlive being killed.
const arch = process.arch === "arm64" && process.platform === "linux" ? "aarch64" : process.arch;
const buf = createRequire(import.meta.url).resolve(
  `@bufbuild/buf-${process.platform}-${arch}/bin/buf`);
const served = new Served("buf curl", rollcall, twin);
const check = (name, good, detail) => served.check(name, good, detail);

// The JSON documents that stand one after the other in a text, and what is left behind the last
// whole one.
function documents(text) {
  const found = [];
  let depth = 0;
  let begin = 0;
  let quoted = false;
  let end = 0;
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (quoted) {
      if (c === "\\") ++i;
      else if (c === '"') quoted = false;
    } else if (c === '"') {
      quoted = true;
    } else if (c === "{") {
      if (depth++ === 0) begin = i;
    } else if (c === "}" && --depth === 0) {
      end = i + 1;
      found.push(JSON.parse(text.slice(begin, end)));
    }
  }
  return { found, rest: text.slice(end) };
}

class Client {
  constructor(address) {
    this.address = address;
  }
  // Every message of the answer. `on`: called with each as it comes; true: the call is broken off.
  run(method, requests, on = () => false) {
    const child = spawn(buf, ["curl", "--protocol", "grpc", "--emit-defaults", "--data", "@-",
      `http://${this.address}/rollcall.v1.Reconciler/${method}`],
      { cwd: served.folder, env: { ...process.env, HOME: served.folder } });
    served.children.push(child);
    return new Promise((resolve, reject) => {
      const messages = [];
      let text = "";
      let errors = "";
      let broken = false;
      child.stdout.on("data", (bytes) => {
        if (broken) return;
        const { found, rest } = documents(text + bytes);
        text = rest;
        for (const message of found) {
          messages.push(message);
          broken ||= on(message, messages);
        }
        if (broken) child.kill("SIGKILL");
      });
      child.stderr.on("data", (bytes) => { errors += bytes; });
      child.once("error", reject);
      child.once("close", (code) => {
        if (broken || code === 0) return resolve(messages);
        reject(Object.assign(new Error(errors), { told: documents(errors).found[0] }));
      });
      child.stdin.on("error", () => {});
      child.stdin.end(requests.map((request) => JSON.stringify(request)).join("\n"));
    });
  }
  async call(method, request = {}) {
    const answers = await this.run(method, [request]);
    return answers[0];
  }
  // The canonical code and the machine-readable reason of the refusal.
  async refusal(method, request) {
    try {
      await this.call(method, request);
    } catch (error) {
      if (!error.told) throw error;
      const info = error.told.details?.find((detail) => detail.type === "google.rpc.ErrorInfo");
      const bytes = info ? Buffer.from(info.value, "base64").toString("latin1") : "";
      return `${error.told.code} ${/[A-Z_]{6,}/.exec(bytes)}`;
    }
    return "ok";
  }
  async plan(request = {}) {
    let plan = await this.call("CreatePlan", request);
    check("a plan answers at once, PLANNING", plan.state === "PLANNING", plan.state);
    while (plan.state === "PLANNING") {
      plan = await this.call("GetPlan", { name: `plans/${plan.id}`, view: "FULL" });
    }
    return plan;
  }
  apply(plan) {
    return this.call("ApplyPlan", { name: `plans/${plan.id}`, etag: plan.etag,
      waivers: [{ guard: "first_run", reason: "read and agreed" }] });
  }
  // Until the end, or until so many events have come; then the process is killed.
  async watch(run, after = 0, most = Infinity) {
    const eventsOf = (messages) => messages.flatMap((message) => message.events);
    const messages = await this.run("WatchRun", [{ name: `runs/${run}`, after }],
      (message, all) => eventsOf(all).length >= most);
    return { first: messages[0]?.run, events: eventsOf(messages) };
  }
  upload(bytes, part, claim = bytes) {
    const messages = [{ header: { part, size: String(bytes.length),
      sha256: createHash("sha256").update(claim).digest("hex") } }];
    for (let at = 0; at < bytes.length; at += 10_000) {
      messages.push({ data: bytes.subarray(at, at + 10_000).toString("base64") });
    }
    return this.run("UploadExport", messages).then((answers) => answers[0]);
  }
}

const numbers = (events) => JSON.stringify(events.map((event) => event.number));

async function mainJob() {
  const { agent, address, exports } = await served.world(7, 2000);
  const client = new Client(address);
  const { directories } = await client.call("ListDirectories");
  check("reflection is enough to ask for the directories", directories[0]?.id === "corp");
  const blocked = await client.plan();
  check("a blocked plan is an answer", blocked.state === "BLOCKED", blocked.state);

  const paged = [];
  let pageToken = "";
  do {
    const page = await client.call("ListChanges",
      { parent: `plans/${blocked.id}`, pageSize: 2, pageToken });
    check("a page is not larger than asked for", page.changes.length <= 2);
    paged.push(...page.changes);
    pageToken = page.nextPageToken;
  } while (pageToken && paged.length <= blocked.changes.length);
  check("its changes come in pages, each once",
    JSON.stringify(paged) === JSON.stringify(blocked.changes));

  const people = readFileSync(join(exports, "people.json"));
  const groups = readFileSync(join(exports, "groups.json"));
  const same = await client.plan({ people: (await client.upload(people, "PEOPLE")).name,
    groups: (await client.upload(groups, "GROUPS")).name });
  check("an uploaded export gives the same changes",
    JSON.stringify(same.changes) === JSON.stringify(blocked.changes));
  const damaged = await client.upload(people, "PEOPLE", Buffer.from("other")).catch((e) => e.told);
  check("an upload whose checksum does not fit is refused",
    damaged?.code === "invalid_argument", JSON.stringify(damaged));

  const named = { name: `plans/${blocked.id}` };
  check("an etag that moved", await client.refusal("ApplyPlan", { ...named, etag: "0".repeat(64) })
    === "failed_precondition ETAG_MISMATCH");
  check("a guard that was not waived",
    await client.refusal("ApplyPlan", { ...named, etag: blocked.etag })
    === "failed_precondition GUARD_BLOCKS");

  const run = await client.apply(blocked);
  const { first, events } = await client.watch(run.id);
  check("a watch begins with the run", first?.id === run.id);
  check("and tells every event once, to the end",
    withoutGap(events) && events.at(-1).state === "SUCCEEDED", JSON.stringify(events.at(-1)));
  const all = numbers(events);
  const broken = (await client.watch(run.id, 0, 2)).events.slice(0, 2);
  const resumed = await client.watch(run.id, broken.at(-1).number);
  check("a broken watch resumes without a gap or a repeat",
    numbers([...broken, ...resumed.events]) === all);
  const empty = await client.plan();
  check("a second plan is EMPTY", empty.state === "EMPTY", empty.state);
  await served.stop(agent);
}

async function cancelling() {
  const { agent, address } = await served.world(8, 10, 8);
  const client = new Client(address);
  const plan = await client.plan();
  const run = await client.apply(plan);
  // Broken while the run goes on, taken up again while it is cancelled.
  const broken = (await client.watch(run.id, 0, 2)).events;
  await client.call("CancelRun", { name: `runs/${run.id}`, reason: "the wrong week" });
  const resumed = (await client.watch(run.id, broken.at(-1).number)).events;
  check("a cancelled run ends CANCELLED", resumed.at(-1).state === "CANCELLED");
  check("a watch broken at work resumes without a gap or a repeat",
    withoutGap([...broken, ...resumed]), numbers([...broken, ...resumed]));
  const rest = await client.plan();
  check("the rest is in a new plan",
    rest.changes.length > 0 && rest.changes.length < plan.changes.length,
    `${rest.changes.length} of ${plan.changes.length}`);
  await served.stop(agent);
}

await served.run(24, mainJob, cancelling);
