import assert from "node:assert/strict";
import type { JsonObject } from "../../domain/json.ts";
import type { Recording } from "../../providers/transcription.ts";
import { assertFails } from "../../../tests/fakes/fs_desk.ts";
import { openFsWorld, runApproved } from "../../../tests/fakes/fs_world.ts";
import { CALLER } from "../../../tests/fakes/alone.ts";
import { callTool, openWorld } from "../../../tests/fakes/outward_world.ts";
import { makeWave } from "../../../tests/fakes/recordings.ts";
import { createTranscribeTool, type RecordingServer } from "./transcribe.ts";

/** A server that has heard what it was sent. */
function createEar(hear?: (signal: AbortSignal) => Promise<string>) {
  const heard: Recording[] = [];
  const listening: RecordingServer = {
    transcriber: {
      transcribe: (recording, signal) => {
        heard.push(recording);
        return hear?.(signal) ?? Promise.resolve("buy milk");
      },
    },
    host: "whisper.test",
    mostSeconds: 60,
    timeoutMs: 60_000,
  };
  return { heard, listening };
}

async function openDesk(serve?: Deno.ServeHandler) {
  const stack = new AsyncDisposableStack();
  const fs = stack.use(await openFsWorld());
  const { publicFetch } = stack.use(await openWorld(serve ? { serve } : {}));
  const ear = createEar();
  const tool = createTranscribeTool({ fs: fs.ports, publicFetch, listening: ear.listening });
  return {
    fs,
    publicFetch,
    tool,
    heard: ear.heard,
    call: (args: JsonObject) => callTool(tool, args),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("A153: a recording of the workspace becomes text; the question says where it is sent", async () => {
  await using desk = await openDesk();
  await Deno.writeFile(`${desk.fs.root}/memo.WAVE`, makeWave(2));
  const signal = new AbortController().signal;
  const prepared = await desk.tool.prepare({ path: "memo.WAVE", language: "de" }, CALLER, signal);
  assert.equal(prepared.effect, "read");
  assert.deepEqual(prepared.preview.fields, [
    { name: "path", value: `${desk.fs.root}/memo.WAVE` },
    { name: "is sent to", value: "whisper.test" },
  ]);
  assert.deepEqual(await runApproved(desk.tool, prepared, signal), {
    source: `${desk.fs.root}/memo.WAVE`,
    transcript: "buy milk",
    duration_seconds: 2,
  });
  assert.deepEqual([desk.heard[0]?.name, desk.heard[0]?.language], ["memo.wav", "de"]);
});

Deno.test("A153: a recording of the web comes through the guard and is then sent", async () => {
  await using desk = await openDesk((request) =>
    request.url.endsWith("/moved")
      ? new Response(null, { status: 302, headers: { location: "http://other.test/talk.bin" } })
      : new Response(makeWave(1))
  );
  const url = "http://site.test/moved";
  assert.deepEqual(await desk.call({ url }), {
    source: url,
    transcript: "buy milk",
    duration_seconds: 1,
  });
  assert.equal(desk.heard[0]?.name, "moved.wav");
  await assertFails(desk.call({ url: "http://127.0.0.1/a.mp3" }), "network_blocked");
});

Deno.test("A153: size, length and kind are looked at before anything is sent", async () => {
  await using desk = await openDesk((request) => {
    if (request.url.endsWith("page")) return new Response("<!doctype html>");
    if (request.url.endsWith("none")) return new Response("no", { status: 404 });
    return new Response(new Uint8Array(26 * 1024 * 1024));
  });
  const { root } = desk.fs;
  await Deno.writeFile(`${root}/long.wav`, makeWave(61));
  await Deno.writeFile(`${root}/large.wav`, new Uint8Array(26 * 1024 * 1024));
  await Deno.writeTextFile(`${root}/notes.mp3`, "not music");
  const fails = async (args: JsonObject, code: Parameters<typeof assertFails>[1], why: RegExp) =>
    await assertFails(desk.call(args), code, why);
  await fails({ path: "long.wav" }, "file_too_large", /lasts 61 seconds: 60 are the most/);
  await fails({ path: "large.wav" }, "file_too_large", /27,262,976 bytes/);
  await fails({ path: "notes.mp3" }, "file_type_mismatch", /is no recording/);
  await fails({ path: "gone.mp3" }, "file_not_found", /nothing at/);
  await fails({ url: "http://site.test/page" }, "file_type_mismatch", /is no recording/);
  await fails({ url: "http://site.test/none" }, "network_failed", /answers 404/);
  await fails({ url: "http://site.test/huge" }, "file_too_large", /25 MiB at most/);
  await fails({}, "tool_arguments_invalid", /either "path" or "url"/);
  await fails({ path: "a", url: "http://a.b" }, "tool_arguments_invalid", /either "path" or "url"/);
  await fails({ path: "a", language: "German" }, "tool_arguments_invalid", /language code/);
  await fails({ path: "../../../x.wav" }, "path_outside_workspace", /leads out/);
  assert.equal(desk.heard.length, 0);
});

Deno.test("A153: a transcription is cancelled with its run", async () => {
  await using desk = await openDesk();
  await Deno.writeFile(`${desk.fs.root}/memo.wav`, makeWave(1));
  const begun = Promise.withResolvers<void>();
  const { listening } = createEar((signal) => {
    begun.resolve();
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason))
    );
  });
  const tool = createTranscribeTool({
    fs: desk.fs.ports,
    publicFetch: desk.publicFetch,
    listening,
  });
  const cancel = new AbortController();
  const prepared = await tool.prepare({ path: "memo.wav" }, CALLER, cancel.signal);
  const running = runApproved(tool, prepared, cancel.signal);
  await begun.promise;
  cancel.abort(new Error("enough"));
  await assert.rejects(running, /enough/);
});
