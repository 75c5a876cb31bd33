import assert from "node:assert/strict";
import { homeLayout } from "../config/home.ts";
import { readWallSettings } from "../config/wall_settings.ts";
import { coreGrants } from "./grants.ts";

function netOf(transcribe: object): unknown {
  const agents = { defaults: { availableTools: ["time"] } };
  const providers = { groq: { apiKey: "k" } };
  const settings = readWallSettings(JSON.stringify({ agents, providers, tools: { transcribe } }));
  return coreGrants(settings, homeLayout("/home/ann/.clambot"), []).net;
}

Deno.test("the core reaches the server that listens to recordings, where no tool reaches anything", () => {
  const usual = netOf({});
  assert.ok(Array.isArray(usual) && usual.includes("api.groq.com"));
  assert.deepEqual(netOf({ whisperApiUrl: "http://127.0.0.1:9000/asr" }), [
    ...usual,
    "127.0.0.1:9000",
  ]);
  for (const whisperApiUrl of ["", "no address", 7]) {
    assert.deepEqual(netOf({ whisperApiUrl }), usual);
  }
});
