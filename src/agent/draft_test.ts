import assert from "node:assert/strict";
import type { WrittenClam } from "./contracts.ts";
import { draftFrom, droppedTemplates } from "./draft.ts";

const REQUEST = "convert 100 USD to EUR with the rates";
const TEMPLATE = "convert {amount:integer} {from:word} to {to:word} with the rates";

function written(
  script: string,
  declared_tools: readonly string[] = ["http_request"],
): WrittenClam {
  return {
    ...{ language: "javascript", script, name: "Rates", description: "Converts.", declared_tools },
    ...{ inputs: { amount: 100, from: "USD", to: "EUR" }, input_schema: {}, result_schema: null },
    ...{ capabilities: [], secrets: [], templates: [TEMPLATE], source_request: REQUEST },
    ...{ reusable: true, stands_alone: true, cannot: null },
  } as unknown as WrittenClam;
}
const templatesOf = (clam: WrittenClam) => draftFrom(clam, [], REQUEST).manifest.templates;

const SAYS_FROM = `async function run(args) {
  const { rates } = JSON.parse((await http_request({ method: "GET", url: "http://x/" })).content);
  const result = args.amount * rates[args.to];
  return { reply: \`\${args.amount} \${args.from} = \${result} \${args.to}\`, data: { result } };
}`;

Deno.test("a slot whose value is only said keeps no template: another currency would get the same rate (R16)", () => {
  assert.deepEqual(templatesOf(written(SAYS_FROM)), []);
  assert.deepEqual(droppedTemplates(written(SAYS_FROM), REQUEST), {
    [TEMPLATE]: "the script does not work with from",
  });
  const taken = SAYS_FROM.replace("run(args)", "run({ amount, from, to })").replaceAll("args.", "");
  assert.deepEqual(templatesOf(written(taken)), []);
});

Deno.test("a slot that the script works with keeps it", () => {
  const working = SAYS_FROM.replace("rates[args.to]", "rates[args.to] / rates[args.from]");
  assert.deepEqual(templatesOf(written(working)), [TEMPLATE]);
  assert.deepEqual(droppedTemplates(written(working), REQUEST), {});
  const inAddress = SAYS_FROM.replace('"http://x/"', "`http://x/${args.from}`");
  assert.deepEqual(templatesOf(written(inAddress)), [TEMPLATE]);
});
