// Runs the main job against SCIM servers that this project did not write.
//
//   node interop.mjs ROLLCALL ROLLCALL_TWIN [scimmy|better_auth]...
//
// For each server: an invented company (500 people, 40 groups, 3 % drift of every kind) is put into
// it; the plan must name exactly the drift, apply must exit 0, a second plan must be EMPTY with exit
// 0 and without one write; reads stay within pages plus a constant, writes equal the printed budget.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { check, finish, run as runCommand, start } from "./harness.mjs";

const HERE = path.dirname(new URL(import.meta.url).pathname);
const [ROLLCALL, TWIN, ...CHOSEN] = process.argv.slice(2);
const PAGE = { scimmy: 200, better_auth: 100 };
const READ_CONSTANT = 9;
const run = (args, folder) => runCommand(ROLLCALL, args, folder);

async function makeCompany(folder) {
  const twin = await start(
    TWIN,
    ["--company", "people=500,groups=40,drift=3,seed=7", "--out", folder, "--until-stdin-closes"],
    folder,
  );
  const world = await (await fetch(`${twin.twin}/_twin/world`)).json();
  await twin.stop();
  return {
    directory: world.scim.scim,
    drift: JSON.parse(fs.readFileSync(path.join(folder, "drift.json"))),
  };
}

async function post(server, endpoint, body) {
  const response = await fetch(server.base_url + endpoint, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${server.token}`,
      "Content-Type": "application/scim+json",
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `POST ${endpoint}: ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text).id;
}

// Puts the company into the server. Of an ambiguous pair only the first account goes in: an
// ambiguous person would rightly keep the second plan from exiting 0.
async function seed(server, company) {
  const second = new Set(
    company.drift.ambiguous.filter((_, i) => i % 2 === 1).map((entry) => entry.user_name),
  );
  const ids = new Map();
  for (const user of company.directory.users) {
    if (second.has(user.userName)) continue;
    const { id, meta, groups, schemas, email, ...rest } = user;
    if (email && !rest.emails) rest.emails = [{ value: email, type: "work", primary: true }];
    ids.set(
      id,
      await post(server, "/Users", {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        ...rest,
      }),
    );
  }
  for (const group of company.directory.groups) {
    const members = (group.members ?? []).filter((id) => ids.has(id));
    await post(server, "/Groups", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      displayName: group.displayName,
      members: members.map((id) => ({ value: ids.get(id) })),
    });
  }
  return { users: ids.size, groups: company.directory.groups.length };
}

function writeConfig(folder, server, company) {
  const groups = JSON.parse(fs.readFileSync(path.join(folder, "names.json")));
  const lines = [
    "state: rollcall.db",
    "export: {people: people.json, groups: groups.json}",
    "directories:",
    "  - id: scim",
    "    people: all",
    "    rate: 1000",
    `    scim: {url: ${JSON.stringify(server.base_url)}, token: {env: INTEROP_TOKEN}}`,
    "groups:",
    ...groups.map((name) => `  - {export: ${JSON.stringify(name)}, directory: scim}`),
    "policy: {activate: all}",
    `guards: {protected: [${company.drift.protected.map((e) => JSON.stringify(e.person)).join(", ")}]}`,
  ];
  fs.writeFileSync(path.join(folder, "rollcall.yaml"), lines.join("\n") + "\n");
}

// The export's groups of several concatenated ListResponses.
function groupNames(folder) {
  const text = fs.readFileSync(path.join(folder, "groups.json"), "utf8");
  return [...text.matchAll(/"displayName":("(?:[^"\\]|\\.)*")/g)].map((m) => JSON.parse(m[1]));
}

const named = (plan, action) =>
  plan.changes
    .filter((change) => change.action === action)
    .map((change) => (change.group ? `${change.group}: ${change.userName}` : change.userName))
    .sort();

const drifted = (...lists) =>
  lists
    .flat()
    .map((entry) => (entry.group ? `${entry.group}: ${entry.user_name}` : entry.user_name))
    .sort();

async function testServer(name) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rollcall-interop-"));
  const server = await start("node", [path.join(HERE, `${name}_server.mjs`)], HERE);
  const counts = async () => (await fetch(`${server.control}/_counts`)).json();
  const reset = () => fetch(`${server.control}/_reset`, { method: "POST" });
  try {
    const company = await makeCompany(folder);
    fs.writeFileSync(path.join(folder, "names.json"), JSON.stringify(groupNames(folder)));
    const size = await seed(server, company);
    writeConfig(folder, server, company);
    // Pages overlap by one row, so that a shift between them is noticed.
    const pages =
      Math.ceil(size.users / (PAGE[name] - 1)) + Math.ceil(size.groups / (PAGE[name] - 1));
    const drift = company.drift;
    let plan;

    await check(`${name}: check finds nothing wrong`, async () => {
      const result = await run(["check"], folder);
      assert.equal(result.code, 0, result.out + result.err);
    });
    await check(`${name}: the plan names exactly the drift`, async () => {
      await reset();
      const result = await run(["plan", "--format", "json", "--out", "plan.json"], folder);
      assert.equal(result.code, 3, `first_run must block\n${result.err}`);
      plan = JSON.parse(result.out);
      assert.deepEqual(named(plan, "DEACTIVATE"), drifted(drift.leavers));
      assert.deepEqual(named(plan, "ACTIVATE"), drifted(drift.joiners, drift.lockouts));
      assert.deepEqual(named(plan, "REMOVE_MEMBERSHIP"), drifted(drift.extra_memberships));
      assert.deepEqual(named(plan, "ADD_MEMBERSHIP"), drifted(drift.missing_memberships));
      const used = await counts();
      assert.equal(used.writes, 0);
      assert.ok(
        used.reads <= pages + READ_CONSTANT,
        `${used.reads} reads for ${pages} pages: ${JSON.stringify(used.by)}`,
      );
      assert.equal(used.reads, plan.requestsUsed);
    });
    await check(`${name}: apply exits 0 and writes what the budget says`, async () => {
      await reset();
      const waivers = [
        ...new Set(plan.findings.filter((f) => f.severity === "BLOCKING").map((f) => f.name)),
      ].flatMap((guard) => ["--waive", guard, "--reason", "interop"]);
      const result = await run(["apply", "plan.json", "--yes", ...waivers], folder);
      assert.equal(result.code, 0, result.out + result.err);
      const used = await counts();
      assert.equal(used.writes, plan.budget.writeRequests, JSON.stringify(used.by));
      assert.ok(
        used.reads <= plan.budget.readRequests,
        `${used.reads} reads, budget ${plan.budget.readRequests}`,
      );
    });
    await check(`${name}: a second plan is EMPTY, exit 0, not one write`, async () => {
      await reset();
      const result = await run(["plan", "--format", "json"], folder);
      assert.equal(result.code, 0, result.out.slice(0, 3000) + result.err);
      assert.equal(JSON.parse(result.out).state, "EMPTY");
      const used = await counts();
      assert.equal(used.writes, 0);
      assert.ok(used.reads <= pages + READ_CONSTANT, JSON.stringify(used.by));
    });
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

for (const name of CHOSEN.length ? CHOSEN : ["scimmy", "better_auth"]) {
  await testServer(name);
}
finish();
