import type { Pipeline } from "../pipeline.ts";
import { accepting, clam, GENERATE } from "../pipeline.ts";
import { alone, type Cases } from "./cases.ts";
import { run } from "./run.ts";

// Which secrets a program gets, told by how its calls end; no server is needed for that.

const ask = (name: string) =>
  `await http_request({method: "GET", url: "https://a.example/", ` +
  `auth: {type: "bearer_secret", name: "${name}"}});`;

const outcome = async (pipeline: Pipeline, name: string) =>
  (await run(pipeline, ask(name), "http_request")).calls[0]?.outcome ?? null;

const everythingPasses = { agents: { approvals: { enabled: false } } };

export const secrets: Cases = {
  ...alone("secrets.environment", {
    given: everythingPasses,
    values: [[], [{ name: "LANG", hosts: ["b.example"] }]],
    observe: async (pipeline) => {
      await pipeline.put(".env", "LANG=sk-0123456789\n");
      return await outcome(pipeline, "LANG");
    },
    expected: ["secret_not_available", "secret_not_for_host"],
  }),
  ...alone("agents.clamEnv.<name>", {
    name: "Crab counter",
    given: everythingPasses,
    values: [{}, { TOKEN: "KEPT" }],
    async observe({ clambot, model }) {
      const set = ["secrets", "set", "KEPT", "--host", "b.example"];
      await clambot.here.run(set, { stdin: "sk-0123456789" });
      const more = { name: "Crab counter", declared_tools: ["http_request"], secrets: ["TOKEN"] };
      model.on("selection", GENERATE);
      model.on("clam", clam(`async function run() { ${ask("TOKEN")} }`, more));
      model.on("verdict", accepting("done"));
      const { object } = await clambot.here.json(["agent", "-m", "count the crabs"]);
      return (object.error as { code?: string } | undefined)?.code ?? null;
    },
    expected: ["secret_not_available", "secret_not_for_host"],
  }),
};
