import { createWorkerSandbox } from "../sandbox/worker_sandbox.ts";
import type { App } from "./app.ts";
import type { Setting } from "./stores.ts";

/** How the process will be used. */
export interface Use {
  /** The command answers once and ends: no sandbox is made ready for a next program. */
  readonly once?: boolean;
}

/**
 * Builds the house. A sandbox gets ready in a thread of its own while everything else is loaded:
 * that is a tenth of what a person waits for.
 * @throws {CodedError} `config_invalid` for grants that cannot be read
 */
export async function startApp(setting: Setting, use: Use = {}): Promise<App> {
  const sandbox = createWorkerSandbox({
    workers: setting.workers,
    poolSize: setting.config.sandbox.prewarm,
    refill: !use.once,
  });
  sandbox.warm();
  try {
    const { createApp } = await import("./app.ts");
    return await createApp(setting, sandbox);
  } catch (error) {
    sandbox.close();
    throw error;
  }
}
