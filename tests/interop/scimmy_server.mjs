// A SCIM server on SCIMMY: everything in memory, ids by the server. Prints its base URL as JSON on
// the first line; ends when its standard input closes.
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";
import { Counter } from "./counting.mjs";

const TOKEN = "interop-token";
const counter = new Counter();

class Table {
  constructor(prefix, unique) {
    this.rows = new Map();
    this.prefix = prefix;
    this.unique = unique;
    this.next = 1;
  }
  write(resource, data) {
    const row = JSON.parse(JSON.stringify(data));
    const key = String(row[this.unique]).toLowerCase();
    for (const [id, other] of this.rows) {
      if (id !== resource.id && String(other[this.unique]).toLowerCase() === key) {
        throw new SCIMMY.Types.Error(409, "uniqueness", `${this.unique} is taken`);
      }
    }
    const id = resource.id ?? `${this.prefix}-${this.next++}`;
    if (resource.id && !this.rows.has(id)) throw new SCIMMY.Types.Error(404, null, "no such resource");
    this.rows.set(id, { ...row, id });
    return this.rows.get(id);
  }
  read(resource) {
    if (!resource.id) return resource.filter?.match([...this.rows.values()]) ?? [...this.rows.values()];
    if (!this.rows.has(resource.id)) throw new SCIMMY.Types.Error(404, null, "no such resource");
    return this.rows.get(resource.id);
  }
  remove(resource) {
    if (!this.rows.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, "no such resource");
  }
}

const users = new Table("user", "userName");
const groups = new Table("group", "displayName");
SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .ingress((resource, data) => users.write(resource, data))
  .egress((resource) => users.read(resource))
  .degress((resource) => users.remove(resource));
SCIMMY.Resources.declare(SCIMMY.Resources.Group)
  .ingress((resource, data) => groups.write(resource, data))
  .egress((resource) => groups.read(resource))
  .degress((resource) => groups.remove(resource));

const app = express();
app.get("/_counts", (request, response) => response.json(counter.report()));
app.post("/_reset", (request, response) => {
  counter.reset();
  response.json({});
});
app.get("/_world", (request, response) =>
  response.json({ users: [...users.rows.values()], groups: [...groups.rows.values()] }),
);
app.use((request, response, next) => {
  counter.count(request.method, request.path);
  next();
});
app.use(
  "/scim/v2",
  new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
      if (request.header("Authorization") !== `Bearer ${TOKEN}`) throw new Error("who are you?");
      return "rollcall";
    },
  }),
);

const server = app.listen(0, "127.0.0.1", () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  console.log(JSON.stringify({ base_url: `${origin}/scim/v2`, control: origin, token: TOKEN }));
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
