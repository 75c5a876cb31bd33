import { fileURLToPath } from "node:url";
import { createClock } from "../../src/platform/deno.ts";
import { CHILD_BOUNDS, createChildHost } from "../../src/platform/child_host.ts";
import { childOver, type Children } from "../../src/platform/children.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Clock } from "../../src/platform/platform.ts";
import type { PublicFetch } from "../../src/net/public_fetch.ts";
import { readServerEntry } from "../../src/mcp/entry.ts";
import { openPins, type Pins } from "../../src/mcp/pins.ts";
import { openServers, type Servers } from "../../src/mcp/servers.ts";
import type { LoginStore } from "../../src/mcp/login_store.ts";
import type { ApprovedTool } from "../../src/mcp/servers.ts";

const SERVER = fileURLToPath(new URL("../fixtures/mcp_server.ts", import.meta.url));

/** An entry of `tools.mcpServers` whose program is the test's own server. */
export function serverConfig(behaviour: object, log?: string) {
  const allowed = ["--allow-read", "--allow-write", "--no-config", "--quiet", "--no-check"];
  const args = ["run", ...allowed, SERVER, JSON.stringify(behaviour), ...log ? [log] : []];
  return { command: Deno.execPath(), args };
}

/** What a world may be given in place of the real thing. */
interface WorldMeans {
  readonly clock?: Clock;
  readonly publicFetch?: PublicFetch;
  readonly logins?: LoginStore;
}

/** Servers of the test's own, and what they are kept with. */
export class McpWorld implements AsyncDisposable {
  readonly notes: string[] = [];
  readonly pins: Pins;
  readonly servers: Servers;
  readonly #host = createChildHost({ ...CHILD_BOUNDS, graceMs: 200 });

  private constructor(
    readonly directory: string,
    config: Readonly<Record<string, object>>,
    more: WorldMeans,
  ) {
    const clock = createClock();
    this.pins = openPins(openFiles(directory), clock);
    const children: Children = {
      start: (name) =>
        Promise.resolve().then(() => {
          const { command, args = [], env: own } = config[name] as {
            readonly command: string;
            readonly args?: readonly string[];
            readonly env?: Readonly<Record<string, string>>;
          };
          const env = { HOME: directory, PATH: "", ...own };
          return childOver(this.#host.start({ program: command, args, env, cwd: directory }));
        }),
    };
    this.servers = openServers({
      entries: Object.entries(config).map(([name, value]) => readServerEntry(name, value)),
      ...{ children, clock: more.clock ?? clock, pins: this.pins, reserved: ["memory_recall"] },
      publicFetch: more.publicFetch ?? {} as never,
      logins: more.logins ?? {
        read: () => Promise.resolve({}),
        write: () => Promise.resolve(),
        remove: () => Promise.resolve(false),
      },
      noise: (server, line) => void this.notes.push(`${server}: ${line}`),
    });
  }

  static async of(
    config: Readonly<Record<string, object>>,
    more: WorldMeans = {},
  ): Promise<McpWorld> {
    return new McpWorld(await Deno.makeTempDir(), config, more);
  }

  /** Approves what a server lists, and finds one of its tools. */
  async approve(server: string, tool: string, wording = false): Promise<ApprovedTool> {
    await this.servers.approve(await this.servers.survey(server, QUIET), wording);
    return await this.find(server, tool);
  }

  async find(server: string, tool: string): Promise<ApprovedTool> {
    const found = (await this.servers.approved())
      .find((one) => one.server === server && one.pin.definition.name === tool);
    if (!found) throw new Error(`${tool} is not approved`);
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#host.killAll();
    await this.servers.close();
    await Deno.remove(this.directory, { recursive: true });
  }
}

/** Nobody stops anything. */
export const QUIET = new AbortController().signal;
