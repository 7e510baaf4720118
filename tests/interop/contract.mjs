// Checks every request that rollcall sends, and every answer that the rehearsal's servers give, for
// the whole main job: always against the schemas of contract_schemas.mjs, and against the
// documents that the vendor publishes where a folder with them is given.
//
//   node contract.mjs ROLLCALL ROLLCALL_TWIN [OPENAPI_FOLDER]
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { judgeByHand, PROVISIONING } from "./contract_schemas.mjs";
import { check, finish, run, skip, start } from "./harness.mjs";
import { Contract } from "./openapi.mjs";
import { RecordingProxy } from "./recording_proxy.mjs";

const [ROLLCALL, TWIN, OPENAPI] = process.argv.slice(2);
const SITE = " (site)"; // ends the name of the site's own group
const COMPANY = "people=400,groups=6,drift=3,cloud=1,crowd=1,seed=3";

// Where the documents contradict themselves or what was recorded from the service. One that is not
// met any more fails the test.
const KNOWN = [
  {
    why: "documented as USER, GROUP, DIRECTORY; recorded answers say User and Group",
    problem: /\/meta\/resourceType: must be equal to one of the allowed values/,
  },
  {
    why: "documented as a string; RFC 7643 says an object",
    problem: /\/ServiceProviderConfig: the answer 200: must be string/,
  },
  {
    why: "the schema says `operations`, the documents' own examples and RFC 7644 `Operations`",
    problem: /the request: must NOT have unevaluated properties .*"Operations"/,
  },
];

// What the organisation's API, its SCIM directory, its Jira site and Crowd are asked goes through the
// recorder.
function writeConfig(folder, twin, proxy, group) {
  const through = (url) => JSON.stringify(url.replace(twin.twin, proxy.url));
  fs.writeFileSync(
    path.join(folder, "rollcall.yaml"),
    `state: rollcall.db
export: {people: people.json, groups: groups.json}
directories:
  - id: crowd
    people: all
    rate: 1000
    match: {user_name: local_part}
    crowd: {url: ${through(twin.crowd.base_url)}, application: rollcall,
            password: {env: INTEROP_TOKEN}}
  - id: cloud
    people: all
    rate: 1000
    base_url: ${through(twin.organisation.base_url)}
    atlassian_admin: {org_id: ${twin.organisation.org_id}, api_key: {env: INTEROP_TOKEN}}
  - id: cloud-scim
    people: all
    rate: 1000
    page_size: 50
    scim: {url: ${through(twin.scim.base_url)}, token: {env: INTEROP_TOKEN}, provisions: cloud}
  - id: site
    people: all
    rate: 1000
    base_url: ${through(twin.site.base_url)}
    jira: {email: ${twin.site.email}, api_token: {env: INTEROP_TOKEN}, products: [jira-software]}
groups:
  - {export: "*", directory: cloud-scim}
  - {export: ${JSON.stringify(group)}, directory: site, name: ${JSON.stringify(group + SITE)}}
policy: {activate: all, unclaimed_accounts: suspend, site_access: follow_activity}
guards: {first_run: false, privileged: false, emptied_group: false, max_activations: false,
         max_deactivations: false, max_removals: false, max_additions: false, min_admins: false}
`,
  );
}

// Puts work into the site that only Jira's own calls can do: a group of the site alone, with a member
// too many, for the export's first group; and a person who was taken off the site.
async function disturb(folder, { site }) {
  const read = (file) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
  const call = async (method, target, body) => {
    const answer = await fetch(`${site.base_url}/rest/api/3/${target}`, {
      method,
      headers: {
        Authorization: `Basic ${btoa(`${site.email}:${site.token}`)}`,
        "Content-Type": "application/json",
      },
      body: body && JSON.stringify(body),
    });
    assert.ok(answer.ok, `${method} ${target}: ${answer.status}`);
    return answer;
  };
  const [first] = read("groups.json").Resources;
  const members = first.members.map((one) => one.value);
  const { missing_memberships: people } = read("drift.json");
  const stranger = people.find((one) => !members.includes(one.person));
  const lost = people.find((one) => members.includes(one.person));
  const { groupId } = await (await call("POST", "group", { name: first.displayName + SITE })).json();
  await call("POST", `group/user?groupId=${groupId}`, { accountId: stranger.cloud_account });
  await call("DELETE", `user?accountId=${encodeURIComponent(lost.cloud_account)}`);
  return first.displayName;
}

// One person's record goes off the account, another's is deleted.
async function repairLinks(rollcall, [unlinked, deleted]) {
  const links = async (...args) => {
    const done = await rollcall("scim-links", ...args, "--format", "json");
    assert.equal(done.code, 0, done.out + done.err);
    return JSON.parse(done.out);
  };
  const apply = ["--reason", "contract", "--apply", "--yes"];
  const [first] = (await links("list", unlinked)).records;
  const record = `${first.scimDirectory}/${first.record}`;
  await links("unlink", first.account, "--record", record, ...apply);
  const [second] = (await links("list", deleted)).records;
  await links("delete-record", second.account, ...apply);
}

// The main job from the first check to a person who leaves now; all exchanges.
async function record() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rollcall-contract-"));
  const twin = await start(
    TWIN,
    ["--company", COMPANY, "--out", folder, "--dialect", "atlassian", "--until-stdin-closes"],
    folder,
  );
  const proxy = await RecordingProxy.start(twin.twin);
  try {
    writeConfig(folder, twin, proxy, await disturb(folder, twin));
    const rollcall = (...args) => run(ROLLCALL, args, folder, "twin-token");
    await check("the main job runs through the recorder", async () => {
      const checked = await rollcall("check");
      assert.equal(checked.code, 0, checked.out + checked.err);
      const applied = await rollcall("apply", "--plan-now", "--yes");
      assert.ok([0, 4].includes(applied.code), applied.out + applied.err);
      const { joiners } = JSON.parse(fs.readFileSync(path.join(folder, "drift.json")));
      const [person] = joiners;
      const left = await rollcall("deactivate", person.user_name, "--reason", "contract");
      assert.equal(left.code, 0, left.out + left.err);
      await repairLinks(rollcall, joiners.slice(0, 2).map((one) => one.user_name));
    });
    // Crowd's vendor publishes no such documents; its clients are in crowd.mjs.
    return proxy.exchanges
      .filter((one) => !one.target.startsWith("/crowd"))
      .map((one) => ({ ...one, target: one.target.replace(/^\/(atlassian|jira\/site)/, "") }));
  } finally {
    await proxy.stop();
    await twin.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Every distinct problem once, with how often it was met.
function assertNone(problems) {
  const counts = new Map();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  const lines = [...counts].map(([problem, times]) => `  ${times} x ${problem}`);
  assert.equal(lines.length, 0, `${lines.length} problems\n${lines.slice(0, 40).join("\n")}`);
}

// A document for the test of the reader of documents: one call that answers with {"id": text}.
function sampleDocument() {
  const id = { type: "object", required: ["id"], properties: { id: { type: "string" } } };
  const body = (name) => ({
    content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
  });
  return {
    servers: [{ url: "https://example.com/base" }],
    paths: { "/things/{id}": { put: { requestBody: body("Thing"), responses: { 200: body("Thing") } } } },
    components: { schemas: { Thing: id } },
  };
}

await check("the reader of documents notices what does not fit, and references into nothing", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rollcall-contract-"));
  const file = path.join(folder, "sample.json");
  try {
    fs.writeFileSync(file, JSON.stringify(sampleDocument()));
    const contract = new Contract(file, "sample");
    const good = {
      method: "PUT",
      target: "/base/things/1",
      requestType: "application/json",
      requestBody: '{"id":"1"}',
      status: 200,
      responseType: "application/json; charset=utf-8",
      responseBody: '{"id":"1"}',
    };
    assert.deepEqual(contract.judge(good), []);
    for (const bend of [
      { target: "/base/others/1" },
      { target: "/base/things/1?deep=true" },
      { method: "POST" },
      { requestBody: '{"id":"1","more":1}' },
      { requestBody: '{"id":1}' },
      { requestType: "text/plain" },
      { status: 201 },
      { responseBody: "{}" },
      { responseBody: '{"id":"1"' },
      { responseType: "text/html" },
    ]) {
      assert.notDeepEqual(contract.judge({ ...good, ...bend }), [], JSON.stringify(bend));
    }
    const cut = sampleDocument();
    cut.components.schemas = {};
    fs.writeFileSync(file, JSON.stringify(cut));
    assert.throws(() => new Contract(file, "cut"), /leads nowhere/);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

const exchanges = await record();
await check("both reads and writes were recorded", () => {
  assert.ok(exchanges.some((one) => one.method === "GET"));
  assert.ok(exchanges.some((one) => one.method === "PATCH"));
  for (const call of ["GET users/search", "POST group/user", "DELETE group/user", "POST user"]) {
    const [method, rest] = call.split(" ");
    const path = `/rest/api/3/${rest}`;
    const asked = (one) => one.method === method && one.target.split("?")[0] === path;
    assert.ok(exchanges.some(asked), `${call} was not asked of Jira`);
  }
  for (const ending of ["get-scim-links", "get-scim-links-for-email", "unlink", "onlyDeleteUserInDB"]) {
    const asked = (one) => one.target.startsWith(PROVISIONING) && one.target.endsWith(`/${ending}`);
    assert.ok(exchanges.some(asked), `${ending} was not asked of the organisation`);
  }
});
await check("requests and answers fit the schemas of the calls that are used", () => {
  assertNone(exchanges.flatMap(judgeByHand));
});
if (OPENAPI && fs.existsSync(OPENAPI)) {
  const contracts = fs
    .readdirSync(OPENAPI)
    .filter((file) => /^(admin|jira).*\.json$/.test(file))
    .map((file) => new Contract(path.join(OPENAPI, file), file));
  await check("requests and answers fit the published documents", () => {
    assert.ok(contracts.length > 0, `no document in ${OPENAPI}`);
    const problems = exchanges.flatMap((exchange) => {
      const { pathname } = new URL(exchange.target, "http://twin");
      if (pathname.startsWith(PROVISIONING)) return []; // judged by hand alone
      const contract = contracts.find((one) => one.find(exchange.method, pathname));
      return contract ? contract.judge(exchange) : [`${exchange.method} ${pathname} is in none`];
    });
    for (const { why, problem } of KNOWN) {
      assert.ok(
        problems.some((one) => problem.test(one)),
        `not met any more: ${why}`,
      );
    }
    assertNone(problems.filter((one) => !KNOWN.some(({ problem }) => problem.test(one))));
  });
} else {
  skip("requests and answers fit the published documents", "they are not on this machine");
}
finish();
