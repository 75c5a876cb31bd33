import { addressesToOpen, isTrueOf } from "../cli/commands.ts";
import { locatePlaces } from "../config/home.ts";
import type { Failure } from "../domain/failure.ts";
import { createTerminal } from "../platform/deno.ts";
import { createRedactor } from "../secrets/redactor.ts";
import { createChildHost } from "../platform/child_host.ts";
import { createWorkerHost } from "../platform/worker_host.ts";
import { prepare, prepareAnew, settle } from "./core_order.ts";
import { sendDatagram } from "./datagram.ts";
import { NO_OVERSEER, openOverseer } from "./overseer.ts";
import { Supervisor, SUPERVISOR_TIMES } from "./supervisor.ts";
import { WORKER_SCRIPTS } from "./worker_scripts.ts";

const CORE = new URL(import.meta.url.endsWith(".ts") ? "./core.ts" : "./core.js", import.meta.url);

/** What the launcher says are sentences of its own, in which no value stands. */
const { redact } = createRedactor([]);

const say = (sentence: string) => createTerminal(redact).err(`clambot: ${sentence}\n`);

/** Milliseconds that the programs of MCP servers have for ending once this one ends. */
const CHILD_GRACE_MS = 500;

const variable = (name: string) => Deno.env.get(name);

/**
 * Starts the program: finds the configuration, computes what the core may do, starts the core as
 * a worker with exactly these permissions, and passes on its exit code. The launcher is the only
 * holder of the process's permissions and runs no code of models or tools. It gives up the right to
 * start programs before anything else, unless the command is about that or opens a browser, or may use MCP servers; then
 * it does as soon as it has read that the configuration names no program of one.
 */
export async function launch(args: readonly string[]): Promise<void> {
  const startsServers = isTrueOf(args, "startsServers");
  const startsNone = !isTrueOf(args, "startsPrograms") && addressesToOpen(args).length === 0;
  if (!startsServers && startsNone) giveUpPrograms();
  const located = locatePlaces(args, variable, Deno.cwd());
  if (located.kind === "failed") return fail(located.failure, args);
  try {
    const places = await settle(located.places);
    const workers = createWorkerHost(WORKER_SCRIPTS);
    const isService = isTrueOf(args, "isService");
    const { order, settings } = await prepare(args, places, isService, variable);
    if (startsServers && Object.keys(settings.serverCommands).length === 0) giveUpPrograms();
    const children = createChildHost();
    const supervisor = new Supervisor({
      ...{ core: CORE, times: SUPERVISOR_TIMES, args, places, workers, children, isService },
      ahead: isTrueOf(args, "runsClams") && !asksHelp(args) ? "clam" : undefined,
      bounds: settings,
      reload: () => prepareAnew(args, places, isService, variable),
      overseer: isService
        ? openOverseer({ variable, pid: Deno.pid, send: sendDatagram, say })
        : NO_OVERSEER,
      say,
      fail: (failure) => void fail(failure, args),
      exit(code) {
        if (children.living() === 0) Deno.exit(code);
        children.endAll(CHILD_GRACE_MS).then(() => Deno.exit(code));
      },
    });
    supervisor.start(order);
    takeSignals(supervisor, isService);
    if (!isService) giveUpRights(args);
  } catch (error) {
    const { whyNot } = await import("./why_not.ts");
    fail(whyNot(error, located.places), args);
  }
}

function giveUpPrograms(): void {
  Deno.permissions.revokeSync({ name: "run" });
}

function asksHelp(args: readonly string[]): boolean {
  return ["--help", "-h"].some((option) => args.includes(option));
}

function takeSignals(supervisor: Supervisor, isService: boolean): void {
  Deno.addSignalListener("SIGINT", () => supervisor.signal("SIGINT"));
  if (Deno.build.os === "windows") return;
  Deno.addSignalListener("SIGTERM", () => supervisor.signal("SIGTERM"));
  if (isService) Deno.addSignalListener("SIGHUP", () => supervisor.signal("SIGHUP"));
}

/**
 * From here on the launcher itself needs no network, and knows enough of the environment; where it
 * may have to ask a person, the terminal is known by variables, and so is where units stand.
 */
function giveUpRights(args: readonly string[]): void {
  Deno.permissions.revokeSync({ name: "net" });
  const needsVariables = isTrueOf(args, "mayWriteConfig") || isTrueOf(args, "startsPrograms");
  if (!needsVariables) Deno.permissions.revokeSync({ name: "env" });
}

async function fail(failure: Failure, args: readonly string[]): Promise<void> {
  const { tellFailure } = await import("../cli/failed.ts");
  Deno.exit(tellFailure(failure, args, createTerminal(redact)));
}
