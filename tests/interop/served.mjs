// What the clients of `rollcall serve` in this folder share: twins with a made-up company, a real
// agent on a port that the system chose, checks that are counted, and an end that leaves nothing
// behind.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class Served {
  // `client`: its name, before every check.
  constructor(client, rollcall, twin) {
    Object.assign(this, { client, rollcall, twin });
    this.folder = mkdtempSync(join(tmpdir(), "rollcall-served-"));
    this.children = [];
    this.held = 0;
    this.failed = 0;
  }

  check(name, good, detail = "") {
    console.log(
      `${good ? "ok  " : "FAIL"} ${this.client}: ${name}${good || !detail ? "" : `: ${detail}`}`);
    if (good) this.held += 1;
    else this.failed += 1;
  }

  // Starts a program and gives the line of one of its streams, parsed, that says where it listens.
  // Other threads of the program may have said something before.
  start(program, args, stream, env = {}) {
    const child = spawn(program, args, { cwd: this.folder, env: { ...process.env, ...env } });
    this.children.push(child);
    child.stdout.resume();
    child.stderr.resume();
    return new Promise((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
      createInterface({ input: child[stream] }).on("line", (line) => {
        try {
          const told = JSON.parse(line);
          if (told.address || told.twin) resolve({ child, told });
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  // A company of its own for each seed, and an agent that sends it at most `rate` requests a second.
  async world(seed, rate, drift = 3) {
    const exports = `exports${seed}`;
    const { told } = await this.start(this.twin,
      ["--company", `people=60,groups=4,drift=${drift},seed=${seed}`, "--out", exports], "stdout");
    writeFileSync(join(this.folder, `config${seed}.yaml`), `state: state${seed}.db
export: {people: ${exports}/people.json, groups: ${exports}/groups.json}
directories:
  - {id: corp, people: all, policy: {activate: all}, rate: ${rate}, concurrency: 1,
     scim: {url: "${told.scim.base_url}", token: {env: TWIN_TOKEN}}}
groups: [{export: "*", directory: corp}]
guards: {max_deactivations: false, max_activations: false, max_removals: false,
         max_additions: false, max_group_removals: false, emptied_group: false, privileged: false}
serve: {listen: "127.0.0.1:0", drain: 2s}
`);
    const agent = await this.start(this.rollcall, ["--config", `config${seed}.yaml`, "serve"],
      "stderr", { TWIN_TOKEN: told.scim.token });
    return { agent: agent.child, address: agent.told.address, exports: join(this.folder, exports) };
  }

  stop(child) {
    return new Promise((resolve) => {
      child.removeAllListeners("exit");
      child.once("exit", (code) => {
        this.check("the agent ends with 0 on SIGTERM", code === 0, String(code));
        resolve();
      });
      child.kill("SIGTERM");
    });
  }

  // Runs the scenarios one after the other, and ends the process: 0 where all of `expected` checks
  // held. Nothing is left behind, whatever happens.
  async run(expected, ...scenarios) {
    const end = () => {
      for (const child of this.children) {
        child.removeAllListeners("exit");
        if (child.exitCode === null) child.kill("SIGKILL");
      }
      rmSync(this.folder, { recursive: true, force: true });
      console.log(`${this.client}: ${this.held} checks held, ${this.failed} failed`);
      process.exit(this.failed === 0 && this.held === expected ? 0 : 1);
    };
    process.on("uncaughtException", (error) => {
      this.check("no error", false, error.stack);
      end();
    });
    try {
      for (const scenario of scenarios) await scenario();
      if (this.failed === 0 && this.held !== expected) {
        console.log(`FAIL ${this.client}: ${expected} checks were expected`);
      }
    } catch (error) {
      this.check("no error", false, error.stack);
    }
    end();
  }
}

export const withoutGap = (events) =>
  events.length > 0 && events.every((event, i) => Number(event.number) === i + 1);
