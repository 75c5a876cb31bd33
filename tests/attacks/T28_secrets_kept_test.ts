import assert from "node:assert/strict";
import { API_KEY, status } from "../fakes/scripted_model.ts";
import { accepting, clam, GENERATE, Pipeline, saying, startSite, walk } from "../flows/pipeline.ts";

// Keys found their way into session logs and the next prompt elsewhere. After a run that meets the
// key in every way that it can, the key is in the configuration and nowhere else.

Deno.test("a provider's key is in no file, no output and no prompt after a whole run (A167, A200, T28)", async () => {
  const echo = new Response(`{"authorization": "Bearer ${API_KEY}"}`, {
    headers: { "x-k": API_KEY },
  });
  await using site = startSite({ "/": echo });
  await using pipeline = await Pipeline.open(site.config);
  const { model, clambot } = pipeline;
  const refusal = `{"error":{"message":"wrong key ${API_KEY} given"}}`;
  model.on("selection", status(400, refusal), GENERATE);
  model.on(
    "clam",
    clam(
      `async function run() {
        const { headers, content } = await http_request({ method: "GET", url: "${site.url}/" });
        console.log(content);
        return { headers, content };
      }`,
      { declared_tools: ["http_request"] },
    ),
    clam("async function run() { throw new Error('broken'); }"),
    status(401, refusal),
    saying("the end"),
  );
  model.on("verdict", accepting("It echoed the key."));
  model.on("facts", status(400, refusal), { add: ["Likes echoes"], forget: [] });
  model.on("summary", status(400, refusal));
  const told = await pipeline.talk([
    "I like to count crabs",
    "I like to see the echo of the key",
    "I like a failing program",
    "I like the end",
    "/new",
  ]);
  assert.match(told.stdout, /It echoed the key\./);
  assert.doesNotMatch(told.stdout + told.stderr, new RegExp(API_KEY));
  for (const { name, text } of model.calls) assert.doesNotMatch(text, new RegExp(API_KEY), name);
  const files = await walk(clambot.home);
  assert.ok(files.some((path) => path.includes("/audit/")), "it was audited");
  assert.ok(files.some((path) => path.includes("/sessions/archive/")), "it was archived");
  for (const path of files.filter((path) => !path.endsWith("/config.json"))) {
    const bytes = await Deno.readFile(path);
    assert.ok(!new TextDecoder().decode(bytes).includes(API_KEY), path);
  }
});
