import type { Command } from "@commander-js/extra-typings";
import type { CliContext, End } from "../../context.ts";
import { findStanding, gatewayAtStop, standingJson } from "../../standing.ts";
import { goOn } from "../../stop.ts";
import { formatJson, withStores } from "../../stores.ts";

/** `clambot resume`: takes back `clambot stop`. */
export function registerResume(program: Command, context: CliContext, end: End): void {
  program.command("resume")
    .description("Let ClamBot have effects again after `clambot stop`")
    .option("--json", "print one JSON object")
    .action(({ json }) =>
      withStores(context, end, async (stores) => {
        const { sentence, told } = await goOn(stores, context);
        const gateway = await findStanding(context);
        context.terminal.out(
          json
            ? formatJson({ ...told, gateway: standingJson(gateway) })
            : `${sentence}${gatewayAtStop(gateway)}\n`,
        );
      })
    );
}
