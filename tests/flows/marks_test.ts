import assert from "node:assert/strict";
import type { ApprovalRequest, Approver } from "../../src/approvals/approver.ts";
import { FaultyWorld } from "./faulty_house.ts";
import { clam, GENERATE } from "./pipeline.ts";

Deno.test("a question marks what was read of others, by where its words come from (S19)", async () => {
  await using world = new FaultyWorld();
  const { server } = world;
  const script = `async function run() {
    const { content } = await http_request({ method: "GET", url: "${server}/page" });
    const word = content.slice(6, 10);
    await http_request({ method: "POST", url: "${server}/asked?d=" + word.length, body: word });
    return "It was sent.";
  }`;
  const app = await world.house({
    name: "a page's word is sent on",
    text: "",
    grants: [{ tool: "http_request", scope: `exact:GET:${server}/page` }],
    script(model) {
      model.on("selection", GENERATE);
      model.on("clam", clam(script, { declared_tools: ["http_request"] }));
    },
  });
  let asked: ApprovalRequest | undefined;
  const approver: Approver = {
    ask(request) {
      asked = request;
      return Promise.resolve({ kind: "reject" });
    },
  };
  const message = { origin: "cli", conversation: "cli:marks", text: "send it on", at: 0 } as const;
  await app.openTurn(message, { approver }, new AbortController().signal);
  app.close();
  const marks = asked?.derived.map(({ name, isCertain }) => [name, isCertain]);
  // the page says {"ok":true}; the 4 of the address was computed from it
  assert.deepEqual(marks, [["url", false], ["body", true]]);
});
