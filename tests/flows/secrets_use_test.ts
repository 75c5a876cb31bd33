import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { AtTerminal, KEYS, testAtTerminal } from "./at_terminal.ts";
import { accepting, clam, GENERATE, Pipeline, walk } from "./pipeline.ts";

// Secrets as programs use them: the value goes to its server and is seen nowhere else.

const VALUE = "ghp_cAnArY0123456789";
const BEARER = `auth: {type: "bearer_secret", name: "GITHUB"}`;

/** A server that sends back everything it gets, and counts. */
interface Echo extends AsyncDisposable {
  readonly url: string;
  readonly got: { readonly path: string; readonly authorization: string | null }[];
  /** Opens it for programs, which are not asked about. */
  readonly config: JsonObject;
}

function startEcho(): Echo {
  const got: Echo["got"] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname: path, search } = new URL(request.url);
    const authorization = request.headers.get("authorization");
    got.push({ path: path + search, authorization });
    const body = JSON.stringify({ ...Object.fromEntries(request.headers), path, search });
    return new Response(body, { headers: { "x-echo": authorization ?? "" } });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    got,
    config: {
      network: { allowHosts: [{ url, addresses: "127.0.0.1", tools: ["http_request"] }] },
      agents: {
        approvals: { alwaysGrants: [{ tool: "http_request", scope: `path:${url}/` }] },
      },
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The value, and what Basic makes of it, are in no file of the home and in nothing printed. */
async function assertUnseen({ clambot, model }: Pipeline, ...printed: readonly string[]) {
  const forms = [VALUE, btoa(VALUE), btoa(`me:${VALUE}`), btoa(`${VALUE}:`)];
  const texts = new Map<string, string>();
  for (const path of await walk(clambot.home)) texts.set(path, await Deno.readTextFile(path));
  for (const [index, text] of printed.entries()) texts.set(`output ${index}`, text);
  for (const [index, { text }] of model.calls.entries()) texts.set(`prompt ${index}`, text);
  for (const [where, text] of texts) {
    for (const form of forms) assert.ok(!text.includes(form), `${form} in ${where}`);
  }
}

async function auditLines({ clambot }: Pipeline): Promise<Record<string, unknown>[]> {
  const months = await walk(`${clambot.home}/audit`);
  const texts = await Promise.all(months.map((path) => Deno.readTextFile(path)));
  return texts.join("").split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

const fetching = (url: string, more = BEARER) =>
  `const {status, content, headers} = await http_request({method: "GET", url: "${url}", ${more}});
  console.log(content);
  return {status, content, headers};`;

Deno.test("a kept secret reaches its server, and an echo of it nobody (A143, A145, P079)", async () => {
  await using echo = startEcho();
  await using pipeline = await Pipeline.open(echo.config);
  const { clambot } = pipeline;
  for (const place of ["bearer", "basic:me", "query:key"]) {
    const set = ["secrets", "set", "GITHUB", "--host", echo.url, "--place", place];
    assert.equal((await clambot.here.run(set, { stdin: VALUE })).code, 0);
    const type = place.replace(/:.*/, "");
    const auth = `auth: {type: "${type}_secret", name: "GITHUB"}`;
    const file = await clambot.write("get.js", fetching(`${echo.url}/`, auth));
    const ran = await clambot.here.json(["run", file, "--tools", "http_request"]);
    assert.equal(ran.code, 0, ran.stdout);
    assert.match(JSON.stringify(ran.object.value), /\[redacted\]/);
    await assertUnseen(pipeline, ran.stdout, ran.stderr);
  }
  assert.deepEqual(echo.got, [
    { path: "/", authorization: `Bearer ${VALUE}` },
    { path: "/", authorization: `Basic ${btoa(`me:${VALUE}`)}` },
    { path: `/?key=${VALUE}`, authorization: null },
  ]);
  const uses = (await auditLines(pipeline)).filter(({ kind }) => kind === "secret_used");
  assert.deepEqual(uses.map(({ name, place }) => [name, place]), [
    ["GITHUB", "bearer"],
    ["GITHUB", "basic:me"],
    ["GITHUB", "query:key"],
  ]);
  const { stdout } = await clambot.here.run(["secrets", "list", "--json"]);
  assert.match(JSON.parse(stdout)[0].lastUse, /^\d{4}-/);
});

Deno.test("what a running program gets of a secret is masked before it gets it", async () => {
  await using echo = startEcho();
  await using pipeline = await Pipeline.open(echo.config);
  const { clambot } = pipeline;
  await clambot.here.run(["secrets", "set", "GITHUB", "--host", echo.url], { stdin: VALUE });
  const file = await clambot.write(
    "spell.js",
    `const {content} = await http_request({method: "GET", url: "${echo.url}/", ${BEARER}});
    return Array.from(content).join(" ");`,
  );
  const { object } = await clambot.here.json(["run", file, "--tools", "http_request"]);
  assert.ok(!String(object.value).includes(Array.from("cAnArY").join(" ")));
});

Deno.test("with nobody to ask a missing secret ends the run with exit code 3 and what to do", async () => {
  await using echo = startEcho();
  await using pipeline = await Pipeline.open(echo.config);
  const { clambot } = pipeline;
  const file = await clambot.write("get.js", fetching(`${echo.url}/`));
  const ran = await clambot.here.json(["run", file, "--tools", "http_request"]);
  assert.equal(ran.code, 3);
  const { code, hint } = ran.object.error as { code: string; hint: string };
  assert.equal(code, "secret_not_available");
  assert.equal(hint, `Keep it first: clambot secrets set GITHUB --host ${echo.url}`);
  assert.deepEqual(echo.got, []);
});

Deno.test("a listed variable is a secret for its hosts alone, from the environment or from .env; no other is one (A173)", async () => {
  await using echo = startEcho();
  const listed = [{ name: "GITHUB", hosts: [echo.url] }, { name: "OTHER", hosts: ["a.example"] }];
  await using pipeline = await Pipeline.open({
    ...echo.config,
    secrets: { environment: listed },
  });
  const { clambot } = pipeline;
  const run = async (name: string, env: Record<string, string>) => {
    const auth = `auth: {type: "bearer_secret", name: "${name}"}`;
    const file = await clambot.write("get.js", fetching(`${echo.url}/`, auth));
    const ran = await clambot.json(["run", file, "--tools", "http_request"], { env });
    await assertUnseen(pipeline, ran.stdout, ran.stderr).catch((error) => {
      if (!String(error.message).includes("/.env")) throw error;
    });
    return (ran.object.error as { code?: string } | undefined)?.code ?? ran.object.status;
  };
  assert.equal(await run("GITHUB", { GITHUB: VALUE }), "completed");
  assert.equal(await run("OTHER", { OTHER: VALUE }), "secret_not_for_host");
  assert.equal(await run("UNLISTED", { UNLISTED: VALUE }), "secret_not_available");
  assert.equal(await run("GITHUB", {}), "secret_not_available");
  await clambot.write(".clambot/.env", `GITHUB=from-file-${VALUE}\n`);
  assert.equal(await run("GITHUB", {}), "completed");
  assert.equal(await run("GITHUB", { GITHUB: "" }), "secret_not_available");
  assert.deepEqual(echo.got.map(({ authorization }) => authorization), [
    `Bearer ${VALUE}`,
    `Bearer from-file-${VALUE}`,
  ]);
  const set = ["secrets", "set", "KEPT", "--host", echo.url, "--from-env"];
  assert.equal((await clambot.here.run([...set, "GITHUB"], { env: { GITHUB: VALUE } })).code, 0);
  const unlisted = await clambot.here.run([...set, "UNLISTED"], { env: { UNLISTED: VALUE } });
  assert.equal(unlisted.code, 2);
  assert.match(unlisted.stderr, /not listed in secrets\.environment/);
});

Deno.test("agents.clamEnv gives a clam a secret under the name that the clam uses", async () => {
  await using echo = startEcho();
  const clams = { "workspace/Crab counter": { API_TOKEN: "GITHUB" } };
  await using pipeline = await Pipeline.open({
    ...echo.config,
    agents: { ...echo.config.agents as JsonObject, clamEnv: clams },
  });
  const { clambot, model } = pipeline;
  await clambot.here.run(["secrets", "set", "GITHUB", "--host", echo.url], { stdin: VALUE });
  const auth = `auth: {type: "bearer_secret", name: "API_TOKEN"}`;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam(`async function run() { ${fetching(`${echo.url}/`, auth)} }`, {
      name: "Crab counter",
      declared_tools: ["http_request"],
      secrets: ["API_TOKEN"],
    }),
  );
  model.on("verdict", accepting("Seven crabs."));
  const told = await pipeline.ask("count the crabs");
  assert.equal(told.object.reply, "Seven crabs.");
  assert.deepEqual(echo.got, [{ path: "/", authorization: `Bearer ${VALUE}` }]);
  await assertUnseen(pipeline, JSON.stringify(told));
});

testAtTerminal(
  "a missing secret is asked for unseen, and the run goes on where it stopped (A168, A172)",
  async () => {
    await using echo = startEcho();
    await using pipeline = await Pipeline.open(echo.config);
    const { clambot } = pipeline;
    const file = await clambot.write(
      "get.js",
      `await http_request({method: "POST", url: "${echo.url}/before", body: "x"});
    const [one, two] = await Promise.all([
      http_request({method: "GET", url: "${echo.url}/one", ${BEARER}}),
      http_request({method: "GET", url: "${echo.url}/two", ${BEARER}}),
    ]);
    return "went on: " + one.status + " " + two.status;`,
    );
    const terminal = new AtTerminal(clambot, ["run", file, "--tools", "http_request"]);
    await terminal.see("The secret GITHUB is needed");
    await terminal.see("a program without a name");
    await terminal.see(`to be sent to: ${echo.url}`);
    await terminal.see("Give none");
    await terminal.answer(`${KEYS.up}${KEYS.up}${KEYS.enter}`);
    await terminal.see("Value of GITHUB");
    await terminal.answer(VALUE + KEYS.enter);
    await terminal.see("went on: 200 200");
    const ended = await terminal.ended();
    assert.equal(ended.code, 0, ended.stdout);
    assert.deepEqual(echo.got.map(({ path }) => path).toSorted(), ["/before", "/one", "/two"]);
    assert.equal(
      echo.got.filter(({ authorization }) => authorization === `Bearer ${VALUE}`).length,
      2,
    );
    await assertUnseen(pipeline, ended.stdout);
    const { stdout } = await clambot.here.run(["approvals", "list", "--json"]);
    const sources = (JSON.parse(stdout) as { source: string }[]).map(({ source }) => source);
    assert.deepEqual(sources.filter((source) => source !== "config"), []); // A131
  },
);

testAtTerminal("Enter alone gives no secret: the run ends, and nothing is kept", async () => {
  await using echo = startEcho();
  await using pipeline = await Pipeline.open(echo.config);
  const { clambot } = pipeline;
  const file = await clambot.write(
    "add.js",
    `await secrets_add({name: "GITHUB", hosts: ["api.github.com"], description: "to count crabs"});`,
  );
  const terminal = new AtTerminal(clambot, ["run", file, "--tools", "secrets_add"]);
  await terminal.see("for: to count crabs");
  await terminal.see("Give none");
  await terminal.answer(KEYS.enter);
  const { code, stdout } = await terminal.ended();
  assert.equal(code, 3, stdout);
  assert.match(stdout, /is not kept, and you gave none/);
  assert.equal((await clambot.here.run(["secrets", "list"])).stdout, "No secrets.\n");
});

testAtTerminal(
  "/secret NAME keeps a secret in a conversation, and no line of it is remembered (A30)",
  async () => {
    await using echo = startEcho();
    await using pipeline = await Pipeline.open(echo.config);
    const terminal = new AtTerminal(pipeline.clambot, ["agent"]);
    await terminal.see("/help shows what there is.");
    await terminal.type(`/secret GITHUB ${VALUE}${KEYS.enter}`);
    await terminal.see("Say /secret NAME, and nothing more");
    await terminal.type(`/secret GITHUB${KEYS.enter}`);
    await terminal.see("Hosts that it may be sent to");
    await terminal.answer(`api.github.com${KEYS.enter}`);
    await terminal.see("Value of GITHUB");
    await terminal.answer(VALUE + KEYS.enter);
    await terminal.see("Keeps GITHUB, for https://api.github.com.");
    await terminal.type(`/exit${KEYS.enter}`);
    assert.equal((await terminal.ended()).code, 0);
    await assertUnseen(pipeline);
    assert.deepEqual(pipeline.model.calls, []);
    const { stdout } = await pipeline.clambot.here.run(["secrets", "list", "--json"]);
    assert.deepEqual(JSON.parse(stdout)[0].hosts, ["https://api.github.com"]);
  },
);
