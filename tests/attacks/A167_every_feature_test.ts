import assert from "node:assert/strict";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { accepting, chatting, clam, GENERATE, Pipeline, saying, walk } from "../flows/pipeline.ts";

// One secret meets every feature there is, in every form that a server or a person can bring it
// back in. Afterwards nothing holds any form of it: no file, no output, no question to a model.

const VALUE = "cAnArY+/0123=ü456789";
const { redact } = createRedactor([VALUE]);

/** Sends back what it got, written in every way. */
function startMirror() {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const bytes = new TextEncoder().encode(VALUE);
    const hex = bytes.toHex();
    const body = {
      authorization: request.headers.get("authorization"),
      plain: VALUE,
      [VALUE]: "as a name",
      percent: [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
      base64: bytes.toBase64(),
      url: bytes.toBase64({ alphabet: "base64url" }),
      basic: new TextEncoder().encode(`user:${VALUE}`).toBase64(),
      hex,
      capitals: hex.toUpperCase(),
      units: [...VALUE].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .join(""),
      reversed: [...VALUE].toReversed().join(""),
    };
    return new Response(JSON.stringify(body), { headers: { "x-again": hex } });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const CALL = (url: string) =>
  `await http_request({ method: "GET", url: "${url}/", auth: {type: "bearer_secret", name: "MIRROR"} })`;

Deno.test("A167: after a scenario over every feature nothing holds any form of a secret", async () => {
  await using mirror = startMirror();
  await using pipeline = await Pipeline.open({
    network: { allowHosts: [{ url: mirror.url, addresses: "127.0.0.1", tools: ["http_request"] }] },
    agents: {
      approvals: {
        alwaysGrants: [
          { tool: "http_request", scope: `path:${mirror.url}/` },
          "fs:workspace",
          "memory_update:*",
        ],
      },
    },
  });
  const { model, clambot } = pipeline;
  const told: string[] = [];
  const run = async (args: readonly string[], stdin?: string) => {
    const { stdout, stderr } = await clambot.here.run(args, stdin === undefined ? {} : { stdin });
    told.push(`${args[0]}: ${stdout}\n${stderr}`);
    return { stdout, stderr };
  };
  const kept = await run(["secrets", "set", "MIRROR", "--host", mirror.url], `${VALUE}\n`);
  assert.match(kept.stdout, /Keeps MIRROR/, kept.stderr);

  const declared = { declared_tools: ["http_request", "fs", "memory_update", "ask_model"] };
  const secrets = { secrets: ["MIRROR"], ...declared };
  model.on("selection", GENERATE, GENERATE, GENERATE, chatting(null), GENERATE);
  model.on(
    "clam",
    clam(
      `async function run() {
        const answer = ${CALL(mirror.url)};
        console.log(answer.content, JSON.stringify(answer.headers));
        await fs({ operation: "write", path: "mirror.txt", content: answer.content });
        await memory_update({ operation: "remember", text: "Saw " + answer.content.slice(0, 200) });
        const word = await ask_model({ instruction: "Sum up", text: answer.content });
        return { answer, word };
      }`,
      secrets,
    ),
    clam(`async function run() { throw new Error((${CALL(mirror.url)}).content); }`, secrets),
    saying("mended"),
    saying("typed"),
    saying("the end"),
  );
  model.on("verdict", accepting("It mirrored."));
  model.on("answer", `I read ${VALUE.slice(0, 4)}…`);
  model.on("chat", `You said so.`);
  model.on("facts", { add: [`Has the key ${VALUE}`], forget: [] });
  model.on("summary", { summary: "They spoke of mirrors.", history_entry: "Mirrors." });
  const prompts = `${clambot.directory}/prompts.md`;
  const { stdout, stderr } = await pipeline.talk(
    [
      "I like to look into the mirror",
      "I like a program that fails with the mirror",
      `I like my key ${VALUE} and its hex ${new TextEncoder().encode(VALUE).toHex()}`,
      `I like ${btoa("user:" + encodeURIComponent(VALUE))} to be said in words`,
      "I like the end",
      "/new",
    ],
    "--show-prompts",
    prompts,
  );
  told.push(stdout, stderr);
  assert.match(stdout, /It mirrored\./, stderr);
  for (
    const args of [
      ["run", "-", "--tools", "http_request", "--json"],
      ["memory", "list", "--json"],
      ["memory", "log"],
      ["sessions", "list", "--json"],
      ["secrets", "list", "--json"],
      ["clams", "list", "--json"],
      ["approvals", "list", "--json"],
      ["usage", "--json"],
      ["config", "get"],
      ["doctor"],
      ["status", "--json"],
    ]
  ) await run(args, args[0] === "run" ? `return ${CALL(mirror.url)}` : undefined);

  const texts = new Map(told.map((text, index) => [`output ${index}`, text]));
  for (const [index, { text, name }] of model.calls.entries()) texts.set(`${name} ${index}`, text);
  const files = await walk(clambot.home);
  for (const path of [...files, prompts]) {
    texts.set(path, new TextDecoder().decode(await Deno.readFile(path)));
  }
  for (
    const part of ["/audit/", "/sessions/", "/memory/", "/artefacts/", "/mirror.txt", "/usage/"]
  ) {
    assert.ok(files.some((path) => path.includes(part)), `nothing in ${part}`);
  }
  assert.ok(model.named("verdict").length > 0 && model.named("answer").length > 0);
  assert.match(texts.get(prompts) ?? "", /## 1\. selection/);
  assert.equal((await Deno.stat(prompts)).mode! & 0o777, 0o600);
  for (const [where, text] of texts) {
    const found = redact(text);
    assert.ok(
      found === text,
      `${where}: ${found.slice(Math.max(0, found.indexOf("[redacted]") - 80)).slice(0, 200)}`,
    );
  }
});
