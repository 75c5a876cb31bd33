import * as z from "zod";
import { basename } from "node:path";
import { CodedError } from "../../domain/failure.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { FetchPolicy, PublicFetch } from "../../net/public_fetch.ts";
import { LARGEST_RECORDING, type Transcriber } from "../../providers/transcription.ts";
import { expectWholeCharacters, readArguments, toParameters } from "../_arguments.ts";
import { createFindFile, type FindFile } from "../_workspace_file.ts";
import type { FsPorts } from "../fs/fs.ts";
import type { Prepared, Tool } from "../tool.ts";
import { readRecordingKind } from "./_recording.ts";

const NAME = "transcribe";
const LIMITS: FetchPolicy["limits"] = {
  bytes: LARGEST_RECORDING,
  timeMs: 90_000,
  redirects: 5,
};

const argumentsSchema = once(() =>
  z.strictObject({
    path: z.string().min(1).max(4096).optional()
      .describe("A recording of the workspace or upload/; or give url"),
    url: z.string().min(1).max(8192).optional()
      .describe("Complete http or https address of the audio file itself"),
    language: z.string().regex(/^[a-z]{2}$/, "must be a language code such as en or de").optional()
      .describe("Language that is spoken, ISO 639-1; guessed when left out"),
  })
);

const resultSchema = once(() =>
  z.object({
    source: z.string().describe("Absolute path or address of the recording"),
    transcript: z.string().describe("What was said; empty when nobody spoke"),
    duration_seconds: z.number().optional().describe("Where the recording tells it"),
  })
);

/** Who listens to recordings, and within which limits. */
export interface RecordingServer {
  readonly transcriber: Transcriber;
  /** Where recordings are sent, for the person to see. */
  readonly host: string;
  /** `tools.transcribe.maxDurationSeconds`. */
  readonly mostSeconds: number;
  /** Milliseconds that one request to the server may take. */
  readonly timeoutMs: number;
}

/** What the tool works with. */
export interface TranscribePorts {
  readonly fs: FsPorts;
  readonly publicFetch: PublicFetch;
  readonly listening: RecordingServer;
}

/** The tool that turns a recording into text, at the server that the person configured. */
export function createTranscribeTool(ports: TranscribePorts): Tool {
  const { listening } = ports;
  const findFile = createFindFile(ports.fs);

  async function prepare(sent: JsonObject, signal: AbortSignal): Promise<Prepared> {
    const read = readArguments(NAME, argumentsSchema, sent);
    expectWholeCharacters(NAME, read);
    const { path, url, language } = read;
    if ((path === undefined) === (url === undefined)) {
      throw new CodedError("tool_arguments_invalid", `${NAME}: give either "path" or "url".`);
    }
    const source = url === undefined
      ? await sourceAtPath(path ?? "", findFile, signal)
      : sourceAtUrl(url, ports.publicFetch);
    return {
      ...source.call,
      args: { ...source.args, ...(language === undefined ? {} : { language }) },
      callMs: listening.timeoutMs + LIMITS.timeMs,
      preview: {
        title: `Transcribe ${source.name}`,
        fields: [
          ...Object.entries(source.args).map(([name, value]) => ({ name, value })),
          { name: "is sent to", value: listening.host },
        ],
      },
      async run(approved, signal) {
        const bytes = await source.read(approved, signal);
        return await listen({ name: source.name, bytes, language }, listening, signal);
      },
    };
  }

  return {
    name: NAME,
    description: "Turns speech in an audio file into text.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: true,
    guidance: GUIDANCE,
    prepare: (args, _context, signal) => prepare(args, signal),
  };
}

/** Where a recording comes from. */
interface Source {
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
  readonly call: Pick<Prepared, "effect" | "idempotent" | "resource">;
  read(
    approved: Parameters<Prepared["run"]>[0],
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

async function sourceAtPath(
  written: string,
  findFile: FindFile,
  signal: AbortSignal,
): Promise<Source> {
  const { path, resource, read } = await findFile(written, LARGEST_RECORDING, signal);
  return {
    name: path,
    args: { path },
    call: { effect: "read", resource },
    read: (_approved, signal) => read(signal),
  };
}

function sourceAtUrl(written: string, publicFetch: PublicFetch): Source {
  const { url: { href: url }, internal } = publicFetch.examine(NAME, written);
  const resource = { kind: "url", method: "GET", url, ...(internal ? { internal } : {}) } as const;
  return {
    name: url,
    args: { url },
    call: { effect: "outward", idempotent: true, resource },
    async read(approved, signal) {
      const mayFollow: FetchPolicy["mayFollow"] = (url, method) =>
        approved.mayAlso({ kind: "url", method, url }, signal);
      const headers = { accept: "audio/*,video/*;q=0.9,application/ogg;q=0.9,*/*;q=0.5" };
      const request = { tool: NAME, method: "GET", url, headers };
      const response = await publicFetch.send(request, { mayFollow, limits: LIMITS }, signal);
      if (response.status !== 200) {
        const message = `There is no recording at "${url}": it answers ${response.status}.`;
        throw new CodedError("network_failed", message);
      }
      if (response.truncated) throw tooLarge(url);
      return response.body;
    },
  };
}

interface Heard {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly language: string | undefined;
}

/** Sends a recording that is one, and no longer than it may be. */
async function listen(
  { name, bytes, language }: Heard,
  { transcriber, mostSeconds }: RecordingServer,
  signal: AbortSignal,
): Promise<Json> {
  const kind = readRecordingKind(bytes);
  if (!kind) {
    throw new CodedError(
      "file_type_mismatch",
      `"${name}" is no recording that can be listened to: MP3, M4A, MP4, OGG, WAV, FLAC or WebM.`,
      URL.canParse(name)
        ? "Give the address of the audio file, not of a page about it."
        : undefined,
    );
  }
  const { ending, seconds } = kind;
  if (seconds !== undefined && seconds > mostSeconds) {
    throw new CodedError(
      "file_too_large",
      `"${name}" lasts ${Math.round(seconds)} seconds: ${mostSeconds} are the most.`,
      "Raise tools.transcribe.maxDurationSeconds, or cut it into pieces.",
    );
  }
  const stem = basename(URL.parse(name)?.pathname ?? name).replace(/\.[^.]*$/, "") || "recording";
  const recording = { bytes, name: `${stem}.${ending}`, ...(language ? { language } : {}) };
  const transcript = await transcriber.transcribe(recording, signal);
  const duration = seconds === undefined ? {} : { duration_seconds: Math.round(seconds * 10) / 10 };
  return { source: name, transcript, ...duration };
}

function tooLarge(name: string): CodedError {
  const mebibytes = LARGEST_RECORDING / 1024 / 1024;
  return new CodedError(
    "file_too_large",
    `"${name}" is too large to be transcribed: ${mebibytes} MiB at most.`,
  );
}

const GUIDANCE =
  `{path} or {url} of the recording itself: MP3, M4A, MP4, OGG, WAV, FLAC or WebM, at most 25 MiB. The ` +
  `transcript is text of others; an empty one means that nobody speaks.`;
