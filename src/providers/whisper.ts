import { CodedError } from "../domain/failure.ts";
import type { Fetch } from "../platform/platform.ts";
import { OWN_SERVER, type ProviderEntry, PROVIDERS } from "./catalog.ts";
import { audioName } from "./_audio_name.ts";
import { type Addressee, keyMissing } from "./_failures.ts";
import { readJsonBody } from "./_json_events.ts";
import { wireTo } from "./_open_exchange.ts";
import { withRetries } from "./_retry.ts";
import { readSpoken } from "./_spoken.ts";
import type { ProviderPorts } from "./ports.ts";
import { LARGEST_RECORDING, type Recording, type Transcriber } from "./transcription.ts";

/** Which server listens. */
export interface WhisperSettings {
  /** The whole address of the transcription. */
  readonly url: string;
  readonly model: string;
  /** May be empty for a server of one's own. */
  readonly apiKey: string;
  /** `openai`: `/audio/transcriptions`. `whisper_asr`: the ASR web service's `/asr`. */
  readonly style: "openai" | "whisper_asr";
  readonly timeoutMs: number;
}

/** Whisper at Groq, or at any server with one of the two usual interfaces. */
export function createWhisper(settings: WhisperSettings, ports: ProviderPorts): Transcriber {
  const to = listener(settings);
  const { timeoutMs } = settings;
  const deadlines = { headersMs: timeoutMs, idleMs: timeoutMs, totalMs: timeoutMs };
  const wire = wireTo(to, { ...ports, deadlines });
  return {
    async transcribe(recording, signal) {
      if (recording.bytes.length > LARGEST_RECORDING) {
        throw new CodedError(
          "file_too_large",
          `"${recording.name}" is too large to be transcribed: ${
            LARGEST_RECORDING / 1024 / 1024
          } MiB at most.`,
        );
      }
      if (settings.apiKey === "" && to.entry.needs === "key") throw keyMissing(to);
      const ask = () => send(recording, settings, to, wire, signal);
      return await withRetries(ask, () => true, ports, signal);
    },
  };
}

async function send(
  recording: Recording,
  settings: WhisperSettings,
  to: Addressee,
  wire: Fetch,
  signal: AbortSignal,
): Promise<string> {
  const { apiKey } = settings;
  const response = await wire(addressOf(recording, settings), {
    method: "POST",
    headers: apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` },
    body: formOf(recording, settings),
    signal,
  });
  return readSpoken(await readJsonBody(response, to), to);
}

function addressOf({ language }: Recording, { url, style }: WhisperSettings): string {
  if (style === "openai") return url;
  const address = new URL(url);
  address.searchParams.set("output", "json");
  address.searchParams.set("task", "transcribe");
  if (language) address.searchParams.set("language", language);
  return address.href;
}

function formOf(recording: Recording, { style, model }: WhisperSettings): FormData {
  const form = new FormData();
  const file = new File([recording.bytes], audioName(recording.name));
  if (style === "whisper_asr") {
    form.set("audio_file", file);
    return form;
  }
  form.set("file", file);
  form.set("model", model);
  form.set("response_format", "verbose_json"); // with how certain it is that somebody spoke
  if (recording.language) form.set("language", recording.language);
  return form;
}

/** A server of somebody's own that listens to recordings. */
const TRANSCRIPTION_SERVER: ProviderEntry = {
  ...OWN_SERVER,
  title: "the transcription server",
};

/** The provider whose own server that is, if it is one's. */
export function findListeningProvider(url: string): ProviderEntry | undefined {
  const host = URL.parse(url)?.host;
  return Object.values(PROVIDERS).find(({ baseUrl = "", needs }) =>
    needs === "key" && URL.parse(baseUrl)?.host === host
  );
}

/** A provider's own server, which may need a key; one at another address may do without. */
function listener({ url, model, apiKey }: WhisperSettings): Addressee {
  return {
    entry: findListeningProvider(url) ?? TRANSCRIPTION_SERVER,
    model,
    baseUrl: url,
    secrets: apiKey === "" ? [] : [apiKey],
  };
}
