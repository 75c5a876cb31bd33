import type { Command } from "@commander-js/extra-typings";
import { createLoopbackChannel } from "../../../channels/catalog.ts";
import { CodedError } from "../../../domain/failure.ts";
import { createRandom } from "../../../platform/deno.ts";
import { processId } from "../../../platform/process.ts";
import type { CliContext, End } from "../../context.ts";
import { tellDroppedGrants } from "../../dropped_grants.ts";
import { originalsOf } from "../../original_jobs.ts";

/** `clambot gateway`: the assistant in the background, until it is told to stop. */
export function registerGateway(program: Command, context: CliContext, end: End): void {
  program.command("gateway")
    .description("Hear, answer and look after what is due, until it is told to stop")
    .action(async () => {
      const { lockHome } = await import("../../../app/gateway_lock.ts");
      const lock = await lockHome(context.openFiles(context.layout.state));
      try {
        await serve(context);
      } finally {
        lock.close();
      }
      end(0);
    });
}

async function serve(context: CliContext): Promise<void> {
  const { service, terminal, layout } = context;
  const { startApp } = await import("../../../app/start.ts");
  const { openGateway } = await import("../../../app/gateway.ts");
  const { openGatewayLog } = await import("../../../app/gateway_log.ts");
  const { openGatewayHealth } = await import("../../../app/gateway_health.ts");
  const { createCounters } = await import("../../../gateway/counters.ts");
  const { cleanNowAndThen } = await import("../../../app/cleanup.ts");
  const { openControl } = await import("../../../app/gateway_control.ts");
  const { openHomeJobs } = await import("../../../app/home_jobs.ts");
  const { clockFor } = await import("../../../app/stores.ts");
  const ports = { state: context.openFiles(layout.state), random: createRandom() };
  const originals = originalsOf(context);
  const home = await openHomeJobs({ ...ports, originals, clock: clockFor(context) });
  const app = await startApp({ ...context, jobs: home.book });
  const log = openGatewayLog(context.config, app.stores, context);
  try {
    await tellDroppedGrants(app.stores, context);
    const loopback = createLoopbackChannel();
    const { openTelegram } = await import("../../../app/telegram.ts");
    const telegram = openTelegram(context.config, app.stores, log);
    // who speaks by the control socket sits at this machine
    const originOf = (channel: string) => channel === "telegram" ? "telegram" : "cli";
    const { openAdmissions } = await import("../../../app/admission.ts");
    const admissions = openAdmissions(app, { ...context, jobs: home.book }, originOf);
    for (const warning of await admissions.warnings()) terminal.err(`clambot: ${warning}\n`);
    const counters = createCounters();
    const channels = telegram ? [telegram, loopback] : [loopback];
    const gateway = await openGateway(app, context.config, {
      ...admissions,
      channels,
      originOf,
      log,
      listen: counters.hear,
      cleanUp: () => cleanNowAndThen(app.stores, { ...context, book: home.book }, log),
      home,
      logs: context.openFiles(layout.logs),
      memory: context.openFiles(layout.memory),
    });
    const looked = { gateway, counters, channels, stores: app.stores };
    const health = await openGatewayHealth(context.config.gateway, looked);
    const about = { pid: processId(), version: context.version };
    const control = await openControl(pathOfSocket(context), {
      app,
      gateway,
      loopback,
      home,
      beginsJobs: context.config.cron.enabled,
      log,
      about,
    });
    try {
      await gateway.run(service.draining, () => {
        terminal.out(
          `ClamBot ${context.version} listens: ${gateway.status().channels.join(", ")}.\n`,
        );
        log.debug("gateway_started", about);
        service.serving();
      });
    } finally {
      control.close();
      health?.close();
    }
    await app.finish();
    log.debug("gateway_stopped", about);
  } finally {
    await log.close();
    app.close();
  }
}

/** @throws {CodedError} `usage` where there can be no socket */
function pathOfSocket({ socket }: CliContext): string {
  if (socket?.kind === "at") return socket.path;
  const why = socket?.sentence ?? "There is no place for its socket.";
  throw new CodedError("usage", `The gateway cannot run here. ${why}`);
}
