import assert from "node:assert/strict";
import type { ProviderPorts } from "../../src/providers/ports.ts";
import { createWhisper } from "../../src/providers/whisper.ts";
import { startModelServer } from "../fakes/model_server.ts";
import { openTranscriber } from "../../src/providers/open_transcriber.ts";
import { ProviderError } from "../../src/providers/provider.ts";
import { never, settingsAt, withPorts } from "./provider_bench.ts";
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

/** A server that answers in order, and keeps what it was sent. */
function listening(...answers: readonly (object | number)[]) {
  const forms: FormData[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    forms.push(await request.formData());
    const answer = answers[Math.min(forms.length, answers.length) - 1]!;
    if (typeof answer === "number") return new Response("no", { status: answer });
    const { name } = forms.at(-1)?.get("file") as File;
    return /\.(flac|mp3|mp4|mpeg|mpga|m4a|ogg|opus|wav|webm)$/.test(name)
      ? Response.json(answer)
      : Response.json({ error: { message: "unsupported_audio_format" } }, { status: 400 });
  });
  const url = `http://127.0.0.1:${server.addr.port}/v1/audio/transcriptions`;
  return { url, forms, [Symbol.asyncDispose]: () => server.shutdown() };
}

const segment = (text: string, silence: number, certainty: number, ratio = 1) => ({
  ...{ text, no_speech_prob: silence, avg_logprob: certainty, compression_ratio: ratio },
});

Deno.test("P060: a voice note goes out under an ending that the server knows, whatever it came with", async () => {
  await using server = listening({ text: "buy milk" });
  const names = ["file_0.oga", "talk.MP3", "voice", "note.spx", "a.b.wave"];
  await withPorts(async (ports) => {
    for (const name of names) {
      const bytes = new Uint8Array(1);
      assert.equal(
        await whisperAt(server.url, ports).transcribe({ bytes, name }, never()),
        "buy milk",
      );
    }
  });
  assert.deepEqual(
    server.forms.map((form) => (form.get("file") as File).name),
    ["file_0.ogg", "talk.mp3", "voice.ogg", "note.ogg", "a.b.wav"],
  );
  assert.deepEqual(server.forms.map((form) => form.get("prompt")), Array(5).fill(null)); // P184
});

Deno.test("P183: what Whisper invents where nobody speaks is left out", async () => {
  const thanks = segment("Thanks for watching!", 0.93, -1.2, 0.6);
  const said = segment(" Buy milk.", 0.01, -0.2);
  await using server = listening(
    { text: "Thanks for watching!", segments: [thanks] },
    { text: " Buy milk. Thanks for watching!", segments: [said, thanks] },
    { text: "no no no no", segments: [segment("no no no no", 0.1, -0.1, 3)] },
    { text: " Quietly said.", segments: [segment(" Quietly said.", 0.8, -0.3)] },
    { text: "Without segments." },
  );
  await withPorts(async (ports) => {
    const hear = () =>
      whisperAt(server.url, ports).transcribe({ bytes: new Uint8Array(1), name: "a.ogg" }, never());
    const heard = [];
    for (let at = 0; at < 5; at++) heard.push(await hear());
    assert.deepEqual(heard, ["", "Buy milk.", "", "Quietly said.", "Without segments."]);
  });
});

Deno.test("a provider's own server gets its key, another one none, and a missing key is named", async () => {
  const transcribe = {
    ...{ whisperModel: "whisper-large-v3", whisperApiStyle: "openai" as const },
    ...{ whisperRequestTimeoutSeconds: 60 },
  };
  const recording = { bytes: new Uint8Array(1), name: "a.ogg" };
  const keys: (string | null)[] = [];
  await using server = listening({ text: "hello" });
  await withPorts(async (ports) => {
    const to = (whisperApiUrl: string, apiKey: string) => {
      const providers = settingsAt("");
      const groq = { ...providers.groq, apiKey };
      const fetch: typeof ports.fetch = (input, init) => {
        keys.push(new Headers(init?.headers).get("authorization"));
        return ports.fetch(
          String(input).replace("https://api.groq.com/openai/v1/audio/transcriptions", server.url),
          init,
        );
      };
      const settings = {
        providers: { ...providers, groq },
        transcribe: { ...transcribe, whisperApiUrl },
      };
      return openTranscriber(settings, {
        ...ports,
        fetch,
        reveal: (written) => Promise.resolve(written.replace("vault:", "")),
      });
    };
    const groq = "https://api.groq.com/openai/v1/audio/transcriptions";
    assert.equal(await to(groq, `vault:${CANARY_KEY}`).transcribe(recording, never()), "hello");
    assert.equal(await to(server.url, CANARY_KEY).transcribe(recording, never()), "hello");
    await assert.rejects(
      to(groq, "").transcribe(recording, never()),
      (error: unknown) =>
        error instanceof ProviderError && error.code === "provider_auth" &&
        /no key for Groq/.test(error.message) &&
        /provider connect groq/.test(error.failure.hint ?? ""),
    );
    assert.deepEqual(keys, [`Bearer ${CANARY_KEY}`, null]);
  });
});
