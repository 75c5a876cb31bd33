import assert from "node:assert/strict";
import type { ProviderPorts } from "../../src/providers/ports.ts";
import { createWhisper } from "../../src/providers/whisper.ts";
import { startModelServer } from "../fakes/model_server.ts";
import { never, withPorts } from "./provider_bench.ts";
import { CANARY_KEY } from "./provider_canary.ts";

// Speech to text.

function whisperAt(url: string, ports: ProviderPorts, style: "openai" | "whisper_asr" = "openai") {
  const settings = { model: "whisper-large-v3", apiKey: CANARY_KEY, style, timeoutMs: 60_000 };
  return createWhisper({ ...settings, url }, ports);
}

Deno.test("a recording is sent with its name, model and language, and tried again", async () => {
  const forms: FormData[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    forms.push(await request.formData());
    if (forms.length === 1) return new Response("busy", { status: 503 });
    return Response.json({ text: " buy milk " });
  });
  const url = `http://127.0.0.1:${server.addr.port}/openai/v1/audio/transcriptions`;
  await withPorts(async (ports) => {
    const recording = { bytes: new Uint8Array([1, 2, 3]), name: "voice.ogg", language: "de" };
    assert.equal(await whisperAt(url, ports).transcribe(recording, never()), "buy milk");
    const asr = whisperAt(
      url.replace("/openai/v1/audio/transcriptions", "/asr"),
      ports,
      "whisper_asr",
    );
    assert.equal(await asr.transcribe(recording, never()), "buy milk");
  });
  await server.shutdown();
  assert.deepEqual(
    [forms[1]?.get("model"), forms[1]?.get("language"), (forms[1]?.get("file") as File).name],
    ["whisper-large-v3", "de", "voice.ogg"],
  );
  assert.equal((forms[2]?.get("audio_file") as File).size, 3);
});

Deno.test("a recording that is too large is not sent, and waiting for one can be cancelled", async () => {
  await using server = startModelServer("openai_compatible", { kind: "silence" });
  await withPorts(async (ports) => {
    const whisper = whisperAt(server.url, ports);
    const large = { bytes: new Uint8Array(26 * 1024 * 1024), name: "talk.mp3" };
    await assert.rejects(whisper.transcribe(large, never()), { code: "file_too_large" });
    assert.equal(server.requests.length, 0);
    const stopped = new Error("cancelled");
    const controller = new AbortController();
    const small = { bytes: new Uint8Array(3), name: "a.ogg" };
    const asked = whisper.transcribe(small, controller.signal);
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort(stopped);
    await assert.rejects(asked, stopped);
  });
});
