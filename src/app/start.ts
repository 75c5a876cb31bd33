import { createWorkerSandbox } from "../sandbox/worker_sandbox.ts";
import type { App } from "./app.ts";
import type { AppOptions, Setting } from "./stores.ts";

/**
 * Builds the house. A sandbox gets ready in a thread of its own while everything else is loaded:
 * that is a tenth of what a person waits for.
 * @throws {CodedError} `config_invalid` or `usage` for grants that cannot be read
 */
export async function startApp(setting: Setting, options: AppOptions = {}): Promise<App> {
  const sandbox = createWorkerSandbox({
    poolSize: setting.config.sandbox.prewarm,
    refill: !options.once,
  });
  sandbox.warm();
  try {
    const { createApp } = await import("./app.ts");
    return createApp(setting, sandbox, options);
  } catch (error) {
    sandbox.close();
    throw error;
  }
}
