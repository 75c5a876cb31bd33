import assert from "node:assert/strict";
import { type HttpListener, listenForRequests } from "../platform/http_listener.ts";
import { createCounters } from "./counters.ts";
import { createHealth, type Vitals } from "./health.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";

// Real requests to the endpoint, as it listens.

const TOKEN = "0123456789abcdef0123456789abcdef";
const AT = { hostname: "127.0.0.1", port: 0 };
const WELL: Vitals = {
  status: {
    since: 1,
    running: 1,
    queued: 2,
    waiting: 3,
    parked: 4,
    unsent: 5,
    dead: 6,
    deadLetters: [],
  },
  counts: { turns: { completed: 7 }, modelCalls: 8, toolCalls: { granted: 9, denied: 1 } },
  silentMs: { telegram: 1_000 },
  gapMs: 12,
  isDiskWritable: true,
};

interface Endpoint extends HttpListener {
  readonly clock: ReturnType<typeof createFakeClock>;
  ask(fields?: Readonly<Record<string, string>>, target?: string): Promise<string>;
  raw(text: string): Promise<string>;
}

async function withEndpoint(
  test: (endpoint: Endpoint) => Promise<void>,
  vitals: Partial<Vitals> = {},
  limits = { headBytes: 2_000, ms: 60_000, connections: 4 },
): Promise<void> {
  const clock = createFakeClock();
  const answer = createHealth({
    token: () => Promise.resolve(TOKEN),
    isOwnHost: (host) => host.startsWith("127.0.0.1"),
    clock,
    vitals: () => Promise.resolve({ ...WELL, ...vitals }),
  });
  const listener = listenForRequests(AT, limits, answer);
  const raw = (text: string) => send(listener.port, text);
  const ask: Endpoint["ask"] = (fields = {}, target = "/health") => {
    const all = { Host: "127.0.0.1", Authorization: `Bearer ${TOKEN}`, ...fields };
    const lines = Object.entries(all).filter(([, value]) => value !== "");
    return raw(
      `GET ${target} HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join("")}\r\n`,
    );
  };
  try {
    await test({ ...listener, clock, ask, raw });
  } finally {
    listener.close();
  }
}

async function send(port: number, text: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    await connection.write(new TextEncoder().encode(text));
    return await new Response(connection.readable).text();
  } catch {
    return ""; // it was cut off
  }
}

const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

Deno.test("health is told with the token, by fetch too (A237)", () =>
  withEndpoint(async ({ port, ask }) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const response = await fetch(`http://127.0.0.1:${port}/health`, { headers });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.deepEqual(await response.json(), {
      ok: true,
      channels: { telegram: true },
      gapMs: 12,
      disk: true,
    });
    assert.equal(status(await ask()), 200);
  }));

for (
  const [what, vitals] of [
    ["a channel that hears nothing of its server (P014)", { silentMs: { telegram: 120_000 } }],
    ["an event loop that stands", { gapMs: 5_000 }],
    ["a disk that takes nothing", { isDiskWritable: false }],
  ] as const
) {
  Deno.test(`health is not well with ${what}`, () =>
    withEndpoint(async ({ ask }) => {
      const answer = await ask();
      assert.equal(status(answer), 503);
      assert.match(answer, /"ok":false/);
    }, vitals));
}

Deno.test("metrics are numbers in the format of Prometheus, and no text", () =>
  withEndpoint(async ({ ask }) => {
    const answer = await ask({}, "/metrics");
    const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
    for (
      const line of [
        'clambot_turns_total{status="completed"} 7',
        "clambot_model_calls_total 8",
        'clambot_tool_calls_total{decision="granted"} 9',
        "clambot_queue_length 2",
        "clambot_questions_open 4",
        "clambot_event_loop_gap_seconds 0.012",
        'clambot_channel_silent_seconds{channel="telegram"} 1',
      ]
    ) assert.ok(body.includes(`\n${line}\n`), line);
    for (const line of body.trimEnd().split("\n")) {
      assert.match(line, /^# (HELP|TYPE) clambot_|^clambot_\w+(\{\w+="\w+"\})? \d+(\.\d+)?$/);
    }
  }));

Deno.test("T7, T8: each path is exact and wants the token; without it nothing is told apart", () =>
  withEndpoint(async ({ ask, clock }) => {
    for (
      const target of ["/health", "/metrics", "/", "/health/", "/nothing", "/metrics/../health"]
    ) {
      for (const authorization of ["", "Bearer x", TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]) {
        const answer = await ask({ Authorization: authorization }, target);
        assert.equal(status(answer), 401, `${target} ${authorization}`);
        assert.doesNotMatch(answer, /clambot_|"ok"/);
        clock.advance(60_000);
      }
    }
    for (const target of ["/", "/health/", "/Health", "/nothing", "/%68ealth", "/metrics/x"]) {
      assert.equal(status(await ask({}, target)), 404, target);
    }
  }));

Deno.test("T1: a token in the address is none", () =>
  withEndpoint(async ({ ask }) => {
    for (const target of [`/health?token=${TOKEN}`, `/health?access_token=${TOKEN}`]) {
      assert.equal(status(await ask({ Authorization: "" }, target)), 401);
      assert.equal(status(await ask({}, target)), 404);
    }
  }));

Deno.test("T2: a page cannot ask, not under a name of its own either, whatever a proxy says", () =>
  withEndpoint(async ({ ask, raw }) => {
    const right = `Authorization: Bearer ${TOKEN}\r\n`;
    for (
      const fields of [
        { Origin: "http://127.0.0.1" },
        { Origin: "null" },
        { Host: "evil.example" },
        { Host: "evil.example:18790", "X-Forwarded-Host": "127.0.0.1" },
        { Host: "evil.example", Forwarded: "host=127.0.0.1;for=127.0.0.1" },
        { Host: "" },
        { "Sec-Fetch-Site": "cross-site" },
        { "Sec-Fetch-Site": "same-origin" },
      ]
    ) {
      const answer = await ask(fields);
      assert.equal(status(answer), 403, JSON.stringify(fields));
      assert.doesNotMatch(answer, /access-control/i);
    }
    const twice = "Host: 127.0.0.1\r\nHost: evil.example\r\n";
    assert.equal(status(await raw(`GET /health HTTP/1.1\r\n${twice}${right}\r\n`)), 403);
  }));

Deno.test("T3: whoever tries tokens is not heard for a minute, on loopback too", () =>
  withEndpoint(async ({ ask, clock }) => {
    for (let tries = 0; tries < 10; tries++) {
      assert.equal(status(await ask({ Authorization: `Bearer ${tries}` })), 401);
    }
    assert.equal(status(await ask({ Authorization: "Bearer 11" })), 429);
    assert.equal(status(await ask()), 429);
    clock.advance(60_000);
    assert.equal(status(await ask()), 200);
  }));

Deno.test("only GET, and only what is a request in every reading", () =>
  withEndpoint(async ({ raw }) => {
    const fields = `Host: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    for (const method of ["POST", "OPTIONS", "HEAD", "PUT", "DELETE"]) {
      assert.equal(status(await raw(`${method} /health HTTP/1.1\r\n${fields}\r\n`)), 405, method);
    }
    for (
      const text of [
        `get /health HTTP/1.1\r\n${fields}\r\n`,
        `GET http://127.0.0.1/health HTTP/1.1\r\n${fields}\r\n`,
        `GET /health HTTP/2\r\n${fields}\r\n`,
        `GET  /health HTTP/1.1\r\n${fields}\r\n`,
        `GET /health HTTP/1.1\r\n${fields} folded: x\r\n\r\n`,
        `GET /health HTTP/1.1\r\nHost : 127.0.0.1\r\n${fields}\r\n`,
        `GET /health HTTP/1.1\r\n${fields}Long: ${"x".repeat(3_000)}\r\n\r\n`,
        "\x16\x03\x01\x02\x00\r\n\r\n",
      ]
    ) assert.equal(status(await raw(text)), 400, JSON.stringify(text.slice(0, 40)));
    const both = `${fields}Authorization: Bearer ${TOKEN}\r\n`;
    assert.equal(status(await raw(`GET /health HTTP/1.1\r\n${both}\r\n`)), 401);
  }));

Deno.test("whoever sends no request is cut off, and keeps out nobody for longer", () =>
  withEndpoint(
    async ({ port, ask }) => {
      const silent = await Promise.all(
        [1, 2, 3, 4].map(() => Deno.connect({ hostname: "127.0.0.1", port })),
      );
      await silent[0]?.write(new TextEncoder().encode("GET /hea"));
      let answer = "";
      while (answer === "") answer = await ask(); // one too many is closed unheard
      assert.equal(status(answer), 200);
      for (const one of silent) {
        const left = await one.read(new Uint8Array(1)).catch(() => null);
        assert.equal(left, null, "it was cut off");
        one.close();
      }
    },
    {},
    { headBytes: 2_000, ms: 300, connections: 4 },
  ));

Deno.test("counters count turns, models and calls", () => {
  const counters = createCounters();
  const ended = { kind: "turn_ended", status: "chat", modelCalls: 2, durationMs: 1 } as const;
  counters.hear(ended);
  counters.hear({ ...ended, status: "failed" });
  const call = { kind: "call_ended", call: 1, tool: "fs", outcome: "ok" } as const;
  counters.hear({ ...call, decision: "denied" });
  counters.hear({ ...call, decision: "denied" });
  assert.deepEqual(counters.read(), {
    turns: { chat: 1, failed: 1 },
    modelCalls: 4,
    toolCalls: { denied: 2 },
  });
});
