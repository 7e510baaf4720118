// Drives the rehearsal's Crowd with two clients of the real one that this project did not write, and
// looks at what has become of the directory: every function that a client offers is called, and one
// that was not fails the run.
//
//   node crowd.mjs ROLLCALL_TWIN
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

import { check, finish, start } from "./harness.mjs";

const require = createRequire(import.meta.url);
const CrowdClient = require("atlassian-crowd-client");
const PatchedCrowd = require("atlassian-crowd-patched");
const [TWIN] = process.argv.slice(2);
// Both clients are older than connections that are kept alive by default, and one sends bodies
// longer than it says.
http.globalAgent = new http.Agent({ keepAlive: false });

const ODD = "R&D / 50% + \"Ü\" <漢> O'Brien";
const WORLD = {
  crowd: {
    crowd: {
      users: [
        { name: "ada", email: "ada@example.com", "display-name": "Ada Example", password: "old" },
        { name: "bob+1", email: "bob@example.com", "display-name": "Bob Example" },
      ],
      groups: [
        { name: ODD, users: ["ada"], groups: ["child"] },
        { name: "child", users: ["bob+1"] },
      ],
    },
  },
};

async function withTwin(quirks, body) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rollcall-crowd-"));
  const state = path.join(folder, "world.json");
  fs.writeFileSync(state, JSON.stringify(WORLD));
  const args = ["--state", state, "--until-stdin-closes"];
  for (const quirk of quirks) args.push("--crowd-quirk", quirk);
  const server = await start(TWIN, args, folder);
  try {
    const { twin, crowd } = server;
    const application = { name: crowd.application, password: crowd.password };
    const look = async () => {
      const world = await (await fetch(`${twin}/_twin/world`)).json();
      const directory = world.crowd.crowd.directories[0];
      return {
        user: (name) => directory.users.find((user) => user.name === name),
        group: (name) => directory.groups.find((group) => group.name === name),
      };
    };
    await body({ base: crowd.base_url, application, look });
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Notes which functions of an object, and of the objects in it, have been called.
function watch(object, prefix, seen) {
  for (const [key, value] of Object.entries(object)) {
    const name = `${prefix}${key}`;
    if (typeof value === "function" && !/Model$/.test(key)) {
      seen.set(name, false);
      object[key] = function (...args) {
        seen.set(name, true);
        return value.apply(this, args);
      };
    } else if (value && typeof value === "object" && key !== "settings") {
      watch(value, `${name}.`, seen);
    }
  }
  return seen;
}

const uncalled = (seen) => [...seen].filter(([, called]) => !called).map(([name]) => name);

async function fails(promise, type) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.type, type, error.stack);
    return true;
  });
}

async function driveClient({ base, application, look }, parentFilterWorks) {
  const crowd = new CrowdClient({ baseUrl: base, application });
  const { userModel: User, groupModel: Group, attributesModel: Attributes } = crowd;
  const called = watch(crowd, "", new Map());
  const title = `atlassian-crowd-client${parentFilterWorks ? ", parent_filter_both" : ""}: `;

  await check(`${title}config and a wrong password`, async () => {
    assert.equal((await crowd.config.cookie()).name, "crowd.token_key");
    const wrong = { name: application.name, password: "wrong" };
    const stranger = new CrowdClient({ baseUrl: base, application: wrong });
    await fails(stranger.config.cookie(), "APPLICATION_ACCESS_DENIED");
  });
  await check(`${title}users`, async () => {
    const made = await crowd.user.create(
      new User("Zoë", "O'Brien & <Co>", "Zoë O'Brien", "zoe@example.com", "zoë/50% +1", "first"),
    );
    assert.equal(made.lastname, "O'Brien & <Co>");
    await fails(
      crowd.user.create(new User("Z", "B", "Z B", "z@example.com", "ZOË/50% +1", "x")),
      "INVALID_USER",
    );
    const got = await crowd.user.get("zoë/50% +1");
    assert.equal(got.email, "zoe@example.com");
    got.active = false;
    const updated = await crowd.user.update("zoë/50% +1", got);
    assert.equal(updated.active, false);
    assert.equal((await look()).user("zoë/50% +1")["display-name"], "Zoë O'Brien");
    await fails(
      crowd.authentication.authenticate("zoë/50% +1", "first"),
      "INACTIVE_ACCOUNT",
    );
    await crowd.user.rename("zoë/50% +1", "zoe 漢");
    await fails(crowd.user.get("zoë/50% +1"), "USER_NOT_FOUND");
    await crowd.user.remove("zoe 漢");
    assert.equal((await look()).user("zoe 漢"), undefined);
  });
  await check(`${title}attributes and passwords of users`, async () => {
    const values = { a: "1 & <2>", b: [1, "ü"] };
    const set = await crowd.user.attributes.set("ada", new Attributes(values));
    assert.deepEqual(set.attributes, values);
    const expanded = await crowd.user.get("ada", true);
    assert.deepEqual(expanded.attributes, values);
    await crowd.user.attributes.remove("ada", "a");
    assert.deepEqual((await crowd.user.attributes.list("ada")).attributes, { b: [1, "ü"] });
    await crowd.user.password.set("ada", "new");
    assert.equal((await crowd.authentication.authenticate("ada", "new")).username, "ada");
    await fails(
      crowd.authentication.authenticate("ada", "old"),
      "INVALID_USER_AUTHENTICATION",
    );
    await crowd.user.password.reset("ada");
    await crowd.user.username.request("ada@example.com");
  });
  await check(`${title}groups and their attributes`, async () => {
    const made = await crowd.group.create(new Group("new + group", "first"));
    assert.equal(made.description, "first");
    await fails(crowd.group.create(new Group("NEW + group")), "INVALID_GROUP");
    const updated = await crowd.group.update("new + group", new Group("new + group", "second"));
    assert.equal(updated.description, "second");
    await crowd.group.attributes.set("new + group", new Attributes({ k: "v" }));
    assert.deepEqual((await look()).group("new + group").attributes, { k: ['"v"'] });
    await crowd.group.attributes.remove("new + group", "k");
    assert.deepEqual((await crowd.group.attributes.list("new + group")).attributes, {});
    assert.equal((await crowd.group.get("new + group", true)).groupname, "new + group");
    await crowd.group.remove("new + group");
    await fails(crowd.group.get("new + group"), "GROUP_NOT_FOUND");
  });
  await check(`${title}memberships`, async () => {
    assert.deepEqual(await crowd.user.groups.list("bob+1"), ["child"]);
    assert.deepEqual((await crowd.user.groups.list("bob+1", true)).sort(), [ODD, "child"].sort());
    assert.equal(await crowd.user.groups.get("ada", ODD), ODD);
    await fails(crowd.user.groups.get("bob+1", ODD), "MEMBERSHIP_NOT_FOUND");
    assert.equal(await crowd.user.groups.get("bob+1", ODD, true), ODD);
    await crowd.user.groups.add("bob+1", ODD);
    await fails(crowd.user.groups.add("bob+1", ODD), "MEMBERSHIP_ALREADY_EXISTS");
    await fails(crowd.user.groups.add("bob+1", "nobody"), "GROUP_NOT_FOUND");
    assert.deepEqual((await look()).group(ODD).users, ["ada", "bob+1"]);
    await crowd.user.groups.remove("bob+1", ODD);
    await fails(crowd.user.groups.remove("bob+1", ODD), "MEMBERSHIP_NOT_FOUND");
    await crowd.group.users.add(ODD, "bob+1");
    assert.equal(await crowd.group.users.get(ODD, "bob+1"), "bob+1");
    const people = await crowd.group.users.list(ODD, false, 1, 1, true);
    assert.deepEqual(people.map((user) => user.email), ["bob@example.com"]);
    await crowd.group.users.remove(ODD, "bob+1");
    assert.deepEqual(await crowd.group.users.list(ODD), ["ada"]);
    assert.deepEqual(await crowd.group.users.list(ODD, true), ["ada", "bob+1"]);
    const xml = await crowd.group.membership();
    assert.ok(xml.includes('<membership group="child"><users><user name="bob+1"/>'), xml);
  });
  await check(`${title}nested groups`, async () => {
    assert.deepEqual(await crowd.group.children.list(ODD), ["child"]);
    assert.equal((await crowd.group.children.get(ODD, "child")).name, "child");
    await crowd.group.children.remove(ODD, "child");
    assert.deepEqual((await look()).group(ODD).groups, []);
    await crowd.group.parents.add("child", ODD);
    assert.deepEqual(await crowd.group.parents.list("child"), [ODD]);
    // The server takes another filter for direct parents than this client sends, and lists them.
    const direct = await crowd.group.parents.get("child", ODD);
    assert.equal(direct, parentFilterWorks ? ODD : undefined);
    assert.equal(await crowd.group.parents.get("child", ODD, true), ODD);
    await crowd.group.children.remove(ODD, "child");
    await crowd.group.children.add(ODD, "child");
    await fails(crowd.group.children.add("child", ODD), "INVALID_MEMBERSHIP");
    await fails(crowd.group.children.add(ODD, "child"), "MEMBERSHIP_ALREADY_EXISTS");
  });
  await check(`${title}search`, async () => {
    assert.deepEqual(await crowd.search.user("email=*@example.com and active=true"), [
      "ada",
      "bob+1",
    ]);
    assert.deepEqual(await crowd.search.user("", false, 1, 5), ["bob+1"]);
    const [bob] = await crowd.search.user('name="bob+1"', true);
    assert.equal(bob.displayname, "Bob Example");
    assert.deepEqual(await crowd.search.group("name=ch*"), ["child"]);
    assert.equal((await crowd.search.group("", true)).length, 2);
    await fails(crowd.search.user("", false, 0, 0), "ILLEGAL_ARGUMENT");
  });
  await check(`${title}sessions`, async () => {
    const session = await crowd.session.create("ada", "new");
    assert.equal((await crowd.session.getUser(session.token)).email, "ada@example.com");
    const valid = await crowd.session.validate(session.token);
    assert.ok(valid.expiresAt > valid.createdAt);
    const other = await crowd.session.createUnvalidated("bob+1");
    await crowd.session.removeAll("bob+1");
    await fails(crowd.session.validate(other.token), "INVALID_SSO_TOKEN");
    await crowd.session.remove(session.token);
    await fails(crowd.session.getUser(session.token), "INVALID_SSO_TOKEN");
  });
  await check(`${title}all ${called.size} functions were called`, () => {
    assert.equal(called.size, 44);
    assert.deepEqual(uncalled(called), []);
  });
}

async function drivePatched({ base, application, look }, title) {
  const crowd = new PatchedCrowd({ crowd: { base: `${base}/` }, application });
  const parts = {
    search: PatchedCrowd.prototype.search,
    ping: PatchedCrowd.prototype.ping,
    user: { ...crowd.user },
    groups: { ...crowd.groups },
    session: { ...crowd.session },
  };
  const called = watch(parts, "", new Map());
  const call = (name, ...args) =>
    new Promise((resolve, reject) => {
      const [part, inner] = name.split(".");
      const owner = inner ? parts[part] : parts;
      owner[inner ?? part](...args, (error, result) => (error ? reject(error) : resolve(result)));
    });

  await check(`${title}ping and search`, async () => {
    assert.equal((await call("ping")).secure, false);
    assert.equal((await call("search", "user", 'name = "ada"')).users[0].name, "ada");
    assert.equal((await call("search", "group", 'name = "child"')).groups[0].name, "child");
  });
  await check(`${title}users`, async () => {
    await call("user.create", "Carl", "Case", "Carl Case", "carl@example.com", "carl", "first");
    assert.equal((await look()).user("carl")["first-name"], "Carl");
    assert.equal((await call("user.find", "CARL")).email, "carl@example.com");
    await fails(call("user.find", "nobody"), "USER_NOT_FOUND");
    assert.equal(await call("user.active", "carl"), true);
    assert.equal((await call("user.authenticate", "carl", "first")).name, "carl");
    await call("user.changepassword", "carl", "second");
    await fails(call("user.authenticate", "carl", "first"), "INVALID_USER_AUTHENTICATION");
    await call("user.setAttributes", "carl", "team", ["a", "b"]);
    await call("user.setAttributes", "carl", "desk", "4");
    await call("user.removeAttribute", "carl", "desk");
    assert.deepEqual(await call("user.attributes", "carl"), { team: ["a", "b"] });
  });
  await check(`${title}groups`, async () => {
    await call("groups.create", "outer", "the outer one");
    await call("groups.create", "inner", "the inner one");
    await call("groups.createNested", "outer", "inner", "the inner one");
    assert.deepEqual((await look()).group("outer").groups, ["inner"]);
    assert.equal((await call("groups.find", "outer")).description, "the outer one");
    assert.equal(await call("groups.active", "outer"), true);
    await call("groups.addmember", "carl", "inner");
    assert.deepEqual(await call("groups.directmembers", "inner"), ["carl"]);
    assert.deepEqual(await call("groups.nestedmembers", "outer"), ["carl"]);
    assert.deepEqual(await call("user.groups", "carl"), ["inner", "outer"]);
    await call("groups.removemember", "carl", "inner");
    assert.deepEqual((await look()).group("inner").users, []);
    await call("groups.remove", "inner");
    await call("groups.remove", "outer");
    await fails(call("groups.find", "outer"), "GROUP_NOT_FOUND");
  });
  await check(`${title}sessions`, async () => {
    const token = await call("session.create", "carl", "second");
    assert.equal((await call("session.find", token)).user["first-name"], "Carl");
    assert.equal((await call("session.authenticate", token)).token, token);
    await call("session.destroy", token);
    await fails(call("session.find", token), "INVALID_SSO_TOKEN");
    await call("user.remove", "carl");
    assert.equal((await look()).user("carl"), undefined);
  });
  await check(`${title}all ${called.size} functions were called`, () => {
    assert.equal(called.size, 25);
    assert.deepEqual(uncalled(called), []);
  });
}

await withTwin([], (twin) => driveClient(twin, false));
await withTwin(["parent_filter_both"], (twin) => driveClient(twin, true));
await withTwin([], (twin) => drivePatched(twin, "atlassian-crowd-patched: "));
await withTwin(["create_without_body", "create_group_with_body"], (twin) =>
  drivePatched(twin, "atlassian-crowd-patched, older server: "),
);
finish();
