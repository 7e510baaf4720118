// What the tests in this folder share: named checks that are counted, servers that say on their
// first line where they listen, and the rollcall binary.
import { spawn } from "node:child_process";
import readline from "node:readline";

let passed = 0;
let failed = 0;

export async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${error?.stack ?? error}`);
  }
}

export function skip(name, why) {
  console.log(`skip ${name}: ${why}`);
}

// Prints the counts and ends the process: 0 when nothing failed.
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

// A server that prints its addresses as JSON on its first line and ends with its standard input.
export async function start(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: ["pipe", "pipe", "inherit"] });
  const lines = readline.createInterface({ input: child.stdout });
  const first = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}`)));
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    ...JSON.parse(first),
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}

// Runs a command to its end in `cwd`: {code, out, err}. `secret` is INTEROP_TOKEN in its
// environment.
export function run(command, args, cwd, secret = "interop-token") {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, INTEROP_TOKEN: secret, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}
