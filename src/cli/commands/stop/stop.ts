import type { Command } from "@commander-js/extra-typings";
import type { CliContext, End } from "../../context.ts";
import { findStanding, gatewayAtStop, standingJson } from "../../standing.ts";
import { stopAll } from "../../stop.ts";
import { formatJson, withStores } from "../../stores.ts";

/** `clambot stop`: ends everything that has an effect, in every process of the home. */
export function registerStop(program: Command, context: CliContext, end: End): void {
  program.command("stop")
    .description("End what runs, and let nothing have an effect until `clambot resume`")
    .option("--json", "print one JSON object")
    .action(({ json }) =>
      withStores(context, end, async (stores) => {
        const { sentence, told } = await stopAll(stores, context);
        const gateway = await findStanding(context);
        context.terminal.out(
          json
            ? formatJson({ ...told, gateway: standingJson(gateway) })
            : `${sentence}${gatewayAtStop(gateway)}\n`,
        );
      })
    );
}
