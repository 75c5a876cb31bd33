import { makeWave } from "../../fakes/recordings.ts";
import type { Pipeline } from "../pipeline.ts";
import { type Cases, together } from "./cases.ts";
import { run } from "./run.ts";

// A program has a recording transcribed by one of two servers on loopback, which tell what they got.

interface ListeningServers extends Readonly<Record<string, { readonly url: string }>> {
  readonly near: { readonly url: string };
  readonly far: { readonly url: string };
}

/** Milliseconds that the server takes for French. */
const SLOW_MS = 2500;

/** Tells as the transcript what was asked. */
function startListener(name: string, stack: AsyncDisposableStack): { readonly url: string } {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = stack.use(Deno.serve(options, async (request) => {
    const form = await request.formData();
    if (form.get("language") === "fr") await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    const file = [...form.keys()].filter((key) => form.get(key) instanceof File);
    return Response.json({ text: JSON.stringify({ name, model: form.get("model"), file }) });
  }));
  return { url: `http://127.0.0.1:${server.addr.port}/listen` };
}

async function transcribeVoice(pipeline: Pipeline) {
  const files = `${pipeline.clambot.home}/workspace/files`;
  await Deno.mkdir(files, { recursive: true });
  await Deno.writeFile(`${files}/voice.wav`, makeWave(3));
  await Deno.writeFile(`${files}/long.wav`, makeWave(9));
  const script = `
    const hear = (path, more) => transcribe({path, ...more}).then(
      ({transcript}) => JSON.parse(transcript),
      ({code, message}) => ({name: code, message}),
    );
    return {
      short: await hear("voice.wav"),
      long: (await hear("long.wav")).name,
      slow: (await hear("voice.wav", {language: "fr"})).name,
    };`;
  const { value } = await run(pipeline, script, "transcribe");
  return value as {
    readonly short: { readonly name: string; readonly model: string; readonly file: string[] };
    readonly long: string;
    readonly slow: string;
  };
}

const SCENE = {
  given: { agents: { approvals: { enabled: false } } },
  start: (stack: AsyncDisposableStack): ListeningServers => ({
    near: startListener("near", stack),
    far: startListener("far", stack),
  }),
  observe: transcribeVoice,
};
const NEAR = {
  ...SCENE,
  given: { ...SCENE.given, tools: { transcribe: { whisperApiUrl: "{near}" } } },
};

export const transcription: Cases = {
  ...together(SCENE, {
    "tools.transcribe.whisperApiUrl": {
      values: ["{near}", "{far}"],
      mark: ({ short }) => short.name,
      expected: ["near", "far"],
    },
    "tools.transcribe.whisperApiStyle": {
      values: ["openai", "whisper_asr"],
      mark: ({ short }) => short.file,
      expected: [["file"], ["audio_file"]],
    },
    "tools.transcribe.maxDurationSeconds": {
      values: [5, 10],
      mark: ({ long }) => long,
      expected: ["file_too_large", "far"],
    },
  }),
  ...together(NEAR, {
    "tools.transcribe.whisperModel": {
      values: ["whisper-a", "whisper-b"],
      mark: ({ short }) => short.model,
      expected: ["whisper-a", "whisper-b"],
    },
    "tools.transcribe.whisperRequestTimeoutSeconds": {
      values: [1, 60],
      mark: ({ slow }) => slow,
      expected: ["provider_timeout", "near"],
    },
  }),
};
