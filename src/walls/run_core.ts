import { openRedactor } from "../app/redactor.ts";
import { openVaultOf } from "../app/vault.ts";
import type { CliContext } from "../cli/context.ts";
import { tellFailure } from "../cli/failed.ts";
import { runCli, tellError } from "../cli/program.ts";
import type { ProgramEnd, UnitFile } from "../cli/service_unit.ts";
import type { Redactor } from "../domain/redacted.ts";
import { VERSION } from "../domain/version.ts";
import { createTerminal, readInput } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { createRedactor } from "../secrets/redactor.ts";
import { offeredVariables } from "../secrets/variables.ts";
import { readToCore, type Start, type ToLauncher } from "./_messages.ts";
import { type CoreConfig, readCoreConfig } from "./core_config.ts";
import { createLauncherLink, type LauncherLink } from "./core_link.ts";
import { createStops, type Stops } from "./core_stops.ts";

/** Bytes of what is piped in: a key, or the address that a login ended at. */
const LARGEST_INPUT = 65_536;

/** What a core talks with. */
interface Means {
  readonly post: (message: ToLauncher) => void;
  readonly link: LauncherLink;
  readonly stops: Stops;
  readonly terminal: CliContext["terminal"];
  /** Takes the redactor that knows every secret of the home. */
  readonly know: (redactor: Redactor) => void;
}

/** Runs the command line that the launcher sends, in this worker. */
export function runCore(): void {
  const scope = self as unknown as {
    postMessage(message: ToLauncher): void;
    onmessage: (event: MessageEvent<unknown>) => void;
  };
  const post = (message: ToLauncher) => scope.postMessage(message);
  // until the configuration is read, nothing that is secret is known here
  let redactor = createRedactor([]);
  const terminal = createTerminal((text) => redactor.redact(text));
  const complain = (sentence: string) => terminal.err(`clambot: ${sentence}\n`);
  const link = createLauncherLink(post, complain);
  const stops = createStops({
    settled: () => post({ kind: "settled" }),
    leave: () => post({ kind: "exit", code: 130 }),
  });
  scope.onmessage = ({ data }) => {
    const message = readToCore(data);
    if (message === undefined) return complain("The core cannot read a message of the launcher.");
    switch (message.kind) {
      case "start":
        return void begin(message, { post, link, stops, terminal, know: (all) => redactor = all });
      case "interrupt":
        return stops.interrupt();
      case "drain":
        return stops.drain(message.graceMs);
      case "ping":
        return post({ kind: "pong", id: message.id });
      default:
        return link.hear(message);
    }
  };
  post({ kind: "ready" });
}

async function begin(start: Start, means: Means): Promise<void> {
  const { post, stops, terminal } = means;
  const { args, isService } = start;
  if (isService) stops.wait();
  const read = await readCoreConfig(start);
  if ("failure" in read) {
    return post({ kind: "exit", code: tellFailure(read.failure, args, terminal) });
  }
  const context = contextFrom(start, read, means);
  addEventListener("error", (event) => {
    event.preventDefault(); // else the runtime prints a stack trace
    post({ kind: "crashed", why: event.message });
  });
  // what nobody waited for: one conversation must not end all the others of a service
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const code = tellError(event.reason, args, context);
    if (!isService) post({ kind: "exit", code });
  });
  const code = await runCli(args, context);
  // what failed because a signal stopped it is told by the code that shells know for that
  post({ kind: "exit", code: code === 1 && stops.hasStopped() ? 130 : code });
}

function contextFrom(
  start: Start,
  { config, warnings }: CoreConfig,
  { post, link, stops, terminal, know }: Means,
): CliContext {
  const {
    layout,
    configPath,
    repairs,
    environment,
    envFile,
    credential,
    variables,
    walls,
    socket,
  } = start;
  const vault = openVaultOf({ layout, openFiles, credential });
  const offered = offeredVariables(config.secrets.environment, variables);
  const redactor = openRedactor(config, offered, vault);
  know(redactor);
  return {
    version: VERSION,
    layout,
    configPath,
    config,
    repairs,
    warnings,
    environment,
    envFile,
    walls,
    ...(socket ? { socket } : {}),
    credential,
    variables,
    vault,
    redactor,
    terminal,
    openFiles,
    workers: link.workers,
    children: link.children,
    launcher: {
      readArgument: async (path) => await link.ask("read_argument", { path }) as string,
      readClam: async (path) => {
        const files = await link.ask("read_clam", { path }) as { manifest: string; script: string };
        return { manifest: files.manifest, script: files.script ?? undefined };
      },
      writePrompts: async (text) => void await link.ask("write_prompts", { text }),
      readInput: () => readInput(LARGEST_INPUT),
      changeConfig: async (changes) =>
        await link.ask("change_config", {
          changes: changes.map(({ key, value }) => value === undefined ? { key } : { key, value }),
        }) as string[],
      openAddress: async (url) => await link.ask("open_address", { url }) as boolean,
      unitFile: async (order) => await link.ask("unit_file", { ...order }) as unknown as UnitFile,
      startProgram: async (order) =>
        await link.ask("start_program", { ...order }) as unknown as ProgramEnd,
    },
    async tryWalls() {
      const { tryWalls } = await import("./try_walls.ts");
      return await tryWalls(start, link);
    },
    onInterrupt: stops.onInterrupt,
    service: { serving: () => post({ kind: "serving" }), draining: stops.draining },
  };
}
