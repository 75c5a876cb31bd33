import { fileURLToPath } from "node:url";
import { LEFT_OUT } from "./left_out.ts";

// Runs every scenario for clients of the protocol's conformance suite against our client. What is left out is named in left_out.ts, and in docs/mcp.md with it.

const SUITE = "npm:@modelcontextprotocol/conformance@0.1.16";
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const CLIENT = fileURLToPath(new URL("client.ts", import.meta.url));
const RUN = ["run", "--quiet", "--no-prompt", "--no-check", `--config=${CONFIG}`, "--allow-all"];

const listed = await scenarios();
for (const name of Object.keys(LEFT_OUT)) {
  if (!listed.includes(name)) throw new Error(`The suite has no scenario ${name} to leave out`);
}
const wanted = Deno.args.length > 0
  ? Deno.args
  : listed.filter((name) => !Object.hasOwn(LEFT_OUT, name));
let failed = 0;
const waiting = [...wanted];
await Promise.all(Array.from({ length: 3 }, async () => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
}));
for (const [name, why] of Object.entries(LEFT_OUT)) console.log(`left out: ${name}: ${why}`);
console.log(
  `${failed === 0 ? "ok" : "FAILED"} | ${wanted.length - failed} passed | ${failed} failed`,
);
Deno.exit(failed === 0 ? 0 : 1);

async function run(name: string): Promise<void> {
  const command = [Deno.execPath(), ...RUN, CLIENT].join(" ");
  const { success, text } = await suite("client", "--command", command, "--scenario", name);
  console.log(`${success ? "ok" : "FAILED"} ${name}`);
  if (success) return;
  failed++;
  console.log(text.split("\n").slice(-40).map((line) => `  ${line}`).join("\n"));
}

/** Names of the scenarios for clients. */
async function scenarios(): Promise<readonly string[]> {
  const { success, text } = await suite("list", "--client");
  if (!success) throw new Error(`The conformance suite cannot be run:\n${text}`);
  const found = [...text.matchAll(/^ {2}- (\S+)/gm)].map(([, name = ""]) => name);
  if (found.length === 0) throw new Error("The conformance suite lists no scenario for clients");
  return found;
}

async function suite(...args: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...RUN, SUITE, ...args],
    cwd: await Deno.makeTempDir(), // results are written where it runs
  }).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
