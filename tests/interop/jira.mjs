// Drives the rehearsal's Jira site with a client of the real one that this project did not write, by
// the site's own address and by the gateway's, and looks at what has become of the world. What the
// client asks and the site answers is checked against the vendor's document where it is given.
//
//   node jira.mjs ROLLCALL_TWIN [OPENAPI_FOLDER]
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Version3Client } from "jira.js";

import { check, finish, skip, start } from "./harness.mjs";
import { Contract } from "./openapi.mjs";
import { RecordingProxy } from "./recording_proxy.mjs";

const [TWIN, OPENAPI] = process.argv.slice(2);
const DOCUMENT = OPENAPI && fs.existsSync(OPENAPI)
  ? fs.readdirSync(OPENAPI).find((file) => /^jira-platform-v3.*\.json$/.test(file))
  : undefined;

const account = (name, more) => ({
  id: `712020:${name}`,
  email: `${name}@example.com`,
  name: `${name} Example`,
  directories: ["dir-main"],
  ...more,
});
const WORLD = {
  organisation: {
    id: "o-1",
    directories: [{ id: "dir-main" }],
    groups: [
      { id: "g-users", name: "jira users & co", members: ["712020:ada", "712020:bob"] },
      { id: "g-team", name: "team", members: ["712020:bob", "712020:cleo"] },
    ],
  },
  cloud_accounts: [
    account("ada"),
    account("bob", { email_hidden: true }),
    account("cleo", { active: false }),
    account("dan", { directories: [] }),
  ],
  sites: { site: { id: "cloud-1", access_groups: ["g-users"] } },
};

// The client, a look at the world, and all exchanges, for one of the addresses of the site.
async function withSite(key, quirks, body) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rollcall-jira-"));
  const state = path.join(folder, "world.json");
  fs.writeFileSync(state, JSON.stringify(WORLD));
  const args = ["--state", state, "--jira-email", "ada@example.com", "--until-stdin-closes"];
  for (const quirk of quirks) args.push("--jira-quirk", quirk);
  const server = await start(TWIN, args, folder);
  const proxy = await RecordingProxy.start(server.twin);
  try {
    const { site, twin } = server;
    const base = site[key].replace(twin, "");
    const connect = (token) =>
      new Version3Client({
        host: proxy.url + base,
        authentication: { basic: { email: site.email, apiToken: token } },
      });
    const look = async () => {
      const world = await (await fetch(`${twin}/_twin/world`)).json();
      return {
        members: (id) => world.organisation.groups.find((one) => one.id === id)?.members,
        removed: world.sites.site.removed ?? [],
      };
    };
    const exchanges = () =>
      proxy.exchanges.map((one) => ({ ...one, target: one.target.replace(base, "") }));
    await body({ jira: connect(site.token), connect, look, exchanges });
  } finally {
    await proxy.stop();
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// The client throws an error with the answer in it.
async function refused(promise, status, text) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.status ?? error.response?.status, status, String(error));
    const body = JSON.stringify(error.response?.data ?? error.response ?? error.message);
    assert.ok(body.includes(text), body);
    return true;
  });
}

async function driveReads(jira, title) {
  await check(`${title}the site and the caller`, async () => {
    assert.equal((await jira.serverInfo.getServerInfo()).deploymentType, "Cloud");
    assert.equal((await jira.myself.getCurrentUser()).accountId, "712020:ada");
    const { permissions } = await jira.permissions.getMyPermissions({
      permissions: "ADMINISTER,USER_PICKER",
    });
    assert.equal(permissions.ADMINISTER.havePermission, true);
  });
  await check(`${title}lists of users`, async () => {
    const all = await jira.users.getAllUsers({ startAt: 0, maxResults: 1000 });
    assert.deepEqual(
      all.map((user) => [user.accountId, user.active, user.emailAddress]),
      [
        ["712020:ada", true, "ada@example.com"],
        ["712020:bob", true, undefined],
        ["712020:cleo", false, "cleo@example.com"],
      ],
    );
    assert.equal((await jira.users.getAllUsersDefault({ startAt: 1, maxResults: 1 })).length, 1);
    const found = await jira.userSearch.findUsers({ query: "bob" });
    assert.deepEqual(found.map((user) => user.accountId), ["712020:bob"]);
    // Of several ids this client makes one.
    const some = await jira.users.bulkGetUsers({ accountId: ["712020:cleo"] });
    assert.deepEqual(some.values.map((user) => user.active), [false]);
  });
  await check(`${title}one user`, async () => {
    const bob = await jira.users.getUser({ accountId: "712020:bob", expand: "groups,applicationRoles" });
    assert.deepEqual(bob.groups.items.map((group) => group.name), ["team", "jira users & co"]);
    assert.equal(bob.applicationRoles.size, 1);
    const groups = await jira.users.getUserGroups({ accountId: "712020:bob" });
    assert.equal(groups.length, 2);
  });
  await check(`${title}groups and their members`, async () => {
    const groups = await jira.groups.bulkGetGroups({ maxResults: 1 });
    assert.equal(groups.total, 2);
    assert.equal(groups.isLast, false);
    const one = await jira.groups.bulkGetGroups({ groupName: ["jira users & co"] });
    assert.equal(one.values[0].groupId, "g-users");
    const active = await jira.groups.getUsersFromGroup({ groupId: "g-team" });
    assert.deepEqual(active.values.map((user) => user.accountId), ["712020:bob"]);
    const all = await jira.groups.getUsersFromGroup({
      groupId: "g-team",
      includeInactiveUsers: true,
      maxResults: 50,
    });
    assert.equal(all.total, 2);
    const picked = await jira.groups.findGroups({ query: "jira" });
    assert.equal(picked.groups[0].groupId, "g-users");
  });
}

async function driveWrites(jira, look, title) {
  await check(`${title}memberships`, async () => {
    const added = await jira.groups.addUserToGroup({ groupId: "g-team", accountId: "712020:ada" });
    assert.equal(added.groupId, "g-team");
    assert.ok((await look()).members("g-team").includes("712020:ada"));
    await jira.groups.removeUserFromGroup({ groupId: "g-team", accountId: "712020:ada" });
    assert.ok(!(await look()).members("g-team").includes("712020:ada"));
  });
  await check(`${title}people come and go`, async () => {
    const dan = await jira.users.createUser({
      emailAddress: "dan@example.com",
      products: ["jira-software"],
    });
    assert.equal(dan.accountId, "712020:dan");
    assert.ok((await look()).members("g-users").includes("712020:dan"));
    await jira.users.removeUser({ accountId: "712020:dan" });
    assert.deepEqual((await look()).removed, ["712020:dan"]);
    assert.ok(!(await look()).members("g-users").includes("712020:dan"));
    assert.equal((await jira.users.getUser({ accountId: "712020:dan" })).active, false);
  });
  await check(`${title}groups`, async () => {
    const made = await jira.groups.createGroup({ name: "new & odd" });
    assert.deepEqual((await look()).members(made.groupId), []);
    await jira.groups.removeGroup({ groupId: made.groupId });
    assert.equal((await look()).members(made.groupId), undefined);
  });
}

async function judge(exchanges, title) {
  const name = `${title}requests and answers fit the published document`;
  if (!DOCUMENT) {
    skip(name, "it is not on this machine");
    return;
  }
  await check(name, () => {
    const contract = new Contract(path.join(OPENAPI, DOCUMENT), DOCUMENT);
    assert.ok(exchanges.length >= 20, `only ${exchanges.length} exchanges`);
    assert.deepEqual([...new Set(exchanges.flatMap((one) => contract.judge(one)))], []);
  });
}

for (const key of ["base_url", "gateway_url"]) {
  const title = key === "base_url" ? "" : "gateway: ";
  await withSite(key, [], async ({ jira, look, exchanges }) => {
    await driveReads(jira, title);
    await driveWrites(jira, look, title);
    await judge(exchanges(), title);
  });
}
await withSite("base_url", [], async ({ jira, connect, look }) => {
  await check("refusals reach the client with their texts", async () => {
    const member = { groupId: "g-team", accountId: "712020:bob" };
    await refused(jira.groups.addUserToGroup(member), 400, "User is already a member of 'team'");
    await refused(
      jira.groups.addUserToGroup({ groupId: "g-team", accountId: "712020:dan" }),
      404,
      "Specified user does not exist",
    );
    await refused(jira.users.removeUser({ accountId: "712020:ada" }), 400, "Cannot delete user");
    await refused(connect("wrong").users.getAllUsers({}), 401, "Client must be authenticated");
    assert.equal((await look()).members("g-team").length, 2);
  });
});
await withSite("base_url", ["external_user_management"], async ({ jira }) => {
  await check("external user management is said in words", async () => {
    await refused(
      jira.groups.addUserToGroup({ groupId: "g-team", accountId: "712020:ada" }),
      400,
      "external user management is enabled",
    );
  });
});
finish();
