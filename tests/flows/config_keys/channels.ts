import { alone, type Cases } from "./cases.ts";

// Who is let in from elsewhere, told by the list of people.

export const channels: Cases = {
  ...alone("channels.telegram.allowFrom", {
    values: [[], ["12", 34]],
    observe: async ({ clambot }) => {
      const { stdout } = await clambot.here.run(["channels", "list", "--json"]);
      return JSON.parse(stdout).map(({ id }: { id: string }) => id);
    },
    expected: [[], ["12", "34"]],
  }),
};
