import type { ProvidersSettings } from "./catalog.ts";
import type { ProviderPorts } from "./ports.ts";
import { revealFor } from "./_revealed.ts";
import type { Transcriber } from "./transcription.ts";
import { createWhisper, findListeningProvider, type WhisperSettings } from "./whisper.ts";

/** The parts of the configuration that recordings are listened to with. */
export interface TranscriptionSettings {
  readonly providers: ProvidersSettings;
  /** `tools.transcribe`. */
  readonly transcribe: {
    readonly whisperModel: string;
    readonly whisperApiUrl: string;
    readonly whisperApiStyle: WhisperSettings["style"];
    readonly whisperRequestTimeoutSeconds: number;
  };
}

/**
 * The configured server that listens to recordings. A provider's own server gets that provider's
 * key, every other one none. Nothing is looked up before the first recording.
 */
export function openTranscriber(
  { providers, transcribe }: TranscriptionSettings,
  ports: ProviderPorts,
): Transcriber {
  const { whisperModel: model, whisperApiUrl: url, whisperApiStyle: style } = transcribe;
  const timeoutMs = transcribe.whisperRequestTimeoutSeconds * 1000;
  const keyFor = async () => {
    const provider = findListeningProvider(url);
    if (!provider) return "";
    const { settings } = await revealFor(provider, model, providers, ports);
    return settings[provider.section].apiKey;
  };
  return {
    async transcribe(recording, signal) {
      const apiKey = await keyFor();
      return await createWhisper({ url, model, apiKey, style, timeoutMs }, ports)
        .transcribe(recording, signal);
    },
  };
}
