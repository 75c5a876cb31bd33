import type { Command } from "@commander-js/extra-typings";
import type { CliContext, End } from "./context.ts";

/** `clambot onboard`: the home and the configuration file. */
export function registerOnboard(program: Command, context: CliContext, end: End): void {
  program.command("onboard")
    .description("Create the home and the configuration file; safe to repeat")
    .addHelpText("after", "\nExample:\n  $ clambot onboard\n")
    .action(async () => {
      await context.launcher.changeConfig([]);
      context.terminal.out(`Home:          ${context.layout.home}\n`);
      context.terminal.out(`Configuration: ${context.configPath}\n`);
      end(0);
    });
}
