import assert from "node:assert/strict";
import { openGatewayHealth } from "../../../src/app/gateway_health.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { CodedError } from "../../../src/domain/failure.ts";
import { createCounters } from "../../../src/gateway/counters.ts";
import type { Pipeline } from "../pipeline.ts";
import { RunningGateway } from "../running_gateway.ts";
import { alone, type Cases } from "./cases.ts";
import { openApp } from "./house.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

/** What is answered at an address when the gateway looks after its health; or why it does not. */
const look = (ask = "127.0.0.1", wanted = "its answer") => async ({ clambot }: Pipeline) => {
  const app = await openApp(clambot.home);
  const path = `${clambot.home}/config.json`;
  const read = parseConfig(await Deno.readTextFile(path), path);
  assert.ok(read.kind === "ok");
  const gateway = await RunningGateway.over(app);
  const means = {
    ...{ gateway: gateway.gateway, counters: createCounters(), channels: [], stores: app.stores },
  };
  try {
    const listener = await openGatewayHealth(read.config.gateway, means);
    if (!listener) return "off";
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(`http://${ask}:${listener.port}/health`, { headers })
      .then(async ({ status, body }) => (await body?.cancel(), status), () => "nothing there");
    listener.close();
    return wanted === "its port" && answer === 200 ? listener.port : answer;
  } catch (error) {
    return (error as CodedError).code;
  } finally {
    await gateway.end();
  }
};
const listening = { gateway: { token: TOKEN, port: 0 } };
const [PORT, OTHER_PORT] = twoFreePorts();

function twoFreePorts(): readonly [number, number] {
  const [one, other] = [0, 0].map((port) => Deno.listen({ hostname: "127.0.0.1", port }));
  assert.ok(one && other);
  one.close();
  other.close();
  return [one.addr.port, other.addr.port];
}

export const health: Cases = {
  ...alone("gateway.host", {
    given: listening,
    values: ["127.0.0.1", "127.0.0.2"],
    observe: look("127.0.0.2"),
    expected: ["nothing there", 200],
  }),
  ...alone("gateway.port", {
    given: listening,
    values: [PORT, OTHER_PORT],
    observe: look("127.0.0.1", "its port"),
    expected: [PORT, OTHER_PORT],
  }),
  ...alone("gateway.token", {
    given: { gateway: { port: 0 } },
    values: ["", TOKEN],
    observe: look(),
    expected: ["off", 200],
  }),
  ...alone("gateway.exposed", {
    given: { gateway: { ...listening.gateway, host: "0.0.0.0" } },
    values: [false, true],
    observe: look(),
    expected: ["config_invalid", 200],
  }),
};
