import type { Command } from "@commander-js/extra-typings";
import type { Stores } from "../../../app/stores.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext, End, WallTrial } from "../../context.ts";
import { listEverybody } from "../../admitted_people.ts";
import { listPlainKeys, listReferences } from "../../config_secrets.ts";
import { listDroppedGrants } from "../../dropped_grants.ts";
import { listDoubts } from "../../doubts.ts";
import { examineServers } from "../../server_doubts.ts";
import { adviseOnRuns, complainOfRuns, readOpenRuns } from "../../open_runs.ts";
import { readinessRows } from "../../readiness.ts";
import { findStopped } from "../../stop.ts";
import { examineTelegram } from "../../telegram_doubts.ts";
import type { Ledger } from "../../../usage/ledger.ts";

/** One thing that was looked at. */
interface Finding {
  readonly name: string;
  /** Sentences about what is wrong; empty when it is in order. */
  readonly wrong: readonly string[];
  /** Sentences about what is in order and could be better. */
  readonly advice?: readonly string[];
}

/** `clambot doctor`: looks at everything that can be wrong without anybody having noticed. */
export function registerDoctor(program: Command, context: CliContext, end: End): void {
  program.command("doctor")
    .description("Look for what is wrong; exit code 1 when something is")
    .option("--json", "print one JSON object")
    .action(async ({ json }) => {
      const findings = await examine(context);
      const ok = findings.every(({ wrong }) => wrong.length === 0);
      context.terminal.out(
        json ? `${JSON.stringify({ ok, findings })}\n` : findings.map(formatFinding).join(""),
      );
      end(ok ? 0 : 1);
    });
}

async function examine(context: CliContext): Promise<Finding[]> {
  return [
    { name: "configuration", wrong: listDoubts(context) },
    { name: "model", wrong: await examineModel(context) },
    await examineVault(context),
    { name: "telegram", ...await examineTelegram(context) },
    { name: "walls", wrong: (await context.tryWalls()).flatMap(complainOfWall) },
    ...await examineApp(context),
  ];
}

/** Without a model the starter clams still answer; with one, its provider should be ready. */
async function examineModel(context: CliContext): Promise<string[]> {
  const { model } = context.config.agents.defaults;
  if (model.trim() === "") return [];
  const { parseModelName } = await import("../../../providers/names.ts");
  let provider: string;
  try {
    provider = parseModelName(model, context.config.providers).provider.name;
  } catch {
    return []; // said of the configuration
  }
  const row = (await readinessRows(context)).find(({ name }) => name === provider);
  return row && !row.ready ? [`${model} cannot be asked: ${row.note}`] : [];
}

/** Whether the vault can be opened, where its key lies, and whether keys stand outside of it. */
async function examineVault({ vault, config }: CliContext): Promise<Finding> {
  const advice = listPlainKeys(config).map(({ key }) =>
    `${key} stands in config.json in clear; clambot secrets adopt moves it into the vault.`
  );
  try {
    const state = await vault.state();
    if (state.kind === "none") return { name: "vault", wrong: [], advice };
    const key = `The key of the vault: ${state.key}.`;
    if (await vault.wantsPassphrase()) {
      return { name: "vault", wrong: [], advice: [key, ...advice] };
    }
    const kept = (await vault.list()).map(({ name }) => name);
    const missing = listReferences(config).filter((name) => !kept.includes(name));
    const wrong = missing.map((name) =>
      `config.json says that ${name} is in the vault: it is not.`
    );
    return { name: "vault", wrong, advice: [key, ...advice] };
  } catch (error) {
    return { name: "vault", wrong: [sentenceOf(error)], advice };
  }
}

/** What the core must never get through; what else it may depends on the configuration. */
const CLOSED = ["write the configuration", "replace the configuration", "start a program"];

function complainOfWall({ wall, tried, outcome }: WallTrial): string[] {
  const isOpen = outcome === "possible" && (wall === "clam" || CLOSED.includes(tried));
  return isOpen ? [`From the ${wall} it is possible to ${tried}.`] : [];
}

/** Runs a program in the sandbox, and reads every clam. */
async function examineApp(context: CliContext): Promise<Finding[]> {
  const { startApp } = await import("../../../app/start.ts");
  const { atTerminal, nothingSaid } = await import("../../surroundings.ts");
  const app = await startApp(context, { once: true });
  try {
    const script = { source: "return 6 * 7;", inputs: {}, tools: [] };
    const { value, failure } = await app.runScript(
      script,
      nothingSaid(app.stores),
      atTerminal({}, app.stores, context),
      AbortSignal.timeout(30_000),
    );
    const problems = await app.stores.library.problems();
    const runs = await readOpenRuns(app.stores);
    const memory = await app.stores.memory.facts().then(() => undefined, (error) => error);
    return [
      {
        name: "sandbox",
        wrong: value === 42 ? [] : [failure?.message ?? "A program gave a wrong value."],
      },
      { name: "stop", wrong: await complainOfStop(app.stores) },
      { name: "open runs", wrong: complainOfRuns(runs), advice: adviseOnRuns(runs) },
      { name: "grants", wrong: await listDroppedGrants(app.stores) },
      await examinePeople(app.stores, context),
      { name: "MCP servers", ...await examineServers(app.stores, context.config) },
      { name: "memory", wrong: memory === undefined ? [] : [sentenceOf(memory)] },
      { name: "usage", wrong: await complainOfLedger(app.stores.ledger) },
      {
        name: "clams",
        wrong: problems.map(({ directory, failure }) => `clams/${directory}: ${failure.message}`),
      },
    ];
  } finally {
    app.close();
  }
}

/** Whether the list of people can be read, and who is let in without having been named. */
async function examinePeople(stores: Stores, context: CliContext): Promise<Finding> {
  const { openPeople } = await import("../../../gateway/people.ts");
  const people = openPeople({ ...stores, files: stores.state });
  try {
    const { notes } = listEverybody(await people.list(), context);
    return { name: "people", wrong: [], advice: notes };
  } catch (error) {
    return { name: "people", wrong: [sentenceOf(error)] };
  }
}

async function complainOfStop(stores: Stores): Promise<string[]> {
  const stopped = await findStopped(stores);
  if (stopped === undefined) return [];
  return [
    `ClamBot is stopped (${stopped}) and does nothing that has an effect; see clambot resume.`,
  ];
}

async function complainOfLedger(ledger: Ledger): Promise<string[]> {
  try {
    return (await ledger.problems()).map(({ file, line }) =>
      `usage/${file}: line ${line} cannot be read and counts nowhere. Mend it or take it out.`
    );
  } catch (error) {
    return [`The usage ledger cannot be read: ${sentenceOf(error)}`];
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function formatFinding({ name, wrong, advice = [] }: Finding): string {
  const [first = "in order", ...rest] = wrong.map(escapeLine);
  const more = [...rest, ...advice.map(escapeLine)];
  return [`${name}: ${first}`, ...more.map((line) => `  ${line}`)].map((line) => `${line}\n`)
    .join("");
}
