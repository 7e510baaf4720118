// A SCIM server on better-auth's SCIM plugin, with its in-memory adapter. Prints its base URL as
// JSON on the first line; ends when its standard input closes.
import "./webcrypto.mjs";
import http from "node:http";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import { scim } from "@better-auth/scim";
import { Counter } from "./counting.mjs";

const TOKEN = "interop-token";
const counter = new Counter();

const options = {
  baseURL: "http://127.0.0.1",
  secret: "an interop test has no secrets, but the library wants one",
  plugins: [
    scim({
      connections: [
        { id: "interop", credentials: [{ type: "bearer", id: "rollcall", token: TOKEN }] },
      ],
    }),
  ],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
};
const tables = Object.fromEntries(
  Object.values(getAuthTables(options)).map((table) => [table.modelName, []]),
);
const auth = betterAuth({ ...options, database: memoryAdapter(tables) });
const handle = toNodeHandler(auth);

const server = http.createServer((request, response) => {
  if (request.url === "/_counts") return response.end(JSON.stringify(counter.report()));
  if (request.url === "/_reset") {
    counter.reset();
    return response.end("{}");
  }
  counter.count(request.method, request.url);
  return handle(request, response);
});
server.listen(0, "127.0.0.1", () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  console.log(
    JSON.stringify({ base_url: `${origin}/api/auth/scim/v2`, control: origin, token: TOKEN }),
  );
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
