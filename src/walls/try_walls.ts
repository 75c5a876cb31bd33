import type { WallTrial } from "../cli/context.ts";
import type { Workers } from "../platform/workers.ts";
import type { Start } from "./_messages.ts";
import type { LauncherLink } from "./core_link.ts";
import { type Targets, type Trial, tryEverything } from "./prove.ts";

/**
 * Tries the core's wall here, the one of clams in a worker that is started as theirs are, and what
 * the launcher gave up where it gave it up.
 */
export async function tryWalls(start: Start, link: LauncherLink): Promise<WallTrial[]> {
  const targets = {
    outsideFile: "/etc/hosts",
    outsideWrite: `/tmp/clambot-trial-${crypto.randomUUID()}`,
    config: start.configPath,
    connect: { hostname: "127.0.0.1", port: 9 },
    program: "/bin/true",
    foreignModule: "https://example.invalid/x.js",
  };
  const launcher = await link.ask("try_given_up", {}) as unknown as Trial[];
  const core = await tryEverything(targets);
  const clam = await tryAsClam(link.workers, targets);
  return [
    ...launcher.map((trial) => ({ wall: "launcher", ...trial })),
    ...core.map((trial) => ({ wall: "core", ...trial })),
    ...clam.map((trial) => ({ wall: "clam", ...trial })),
  ];
}

async function tryAsClam(workers: Workers, targets: Targets): Promise<Trial[]> {
  const worker = await workers.start("probe");
  try {
    return await new Promise((resolve, reject) => {
      worker.ended.then((why) => reject(new Error(`The walls cannot be tried: ${why}`)));
      worker.port.onmessage = ({ data }) => resolve(data as Trial[]);
      worker.port.postMessage(targets);
    });
  } finally {
    await worker.end();
  }
}
