import type { Recording } from "../providers/transcription.ts";
import type { ToolPorts } from "../tools/tool_facts.ts";
import { openProviderPorts } from "./models.ts";
import type { Setting, Stores } from "./stores.ts";

/** How recordings are listened to, by the configuration. Nothing of it is loaded before the first. */
export function openListening(stores: Stores, setting: Setting): ToolPorts["listening"] {
  const { providers, tools: { transcribe } } = setting.config;
  const open = async () => {
    const { openTranscriber } = await import("../providers/open_transcriber.ts");
    return openTranscriber(
      { providers, transcribe },
      openProviderPorts({ ...setting, ...stores }),
    );
  };
  return {
    transcriber: {
      transcribe: async (recording: Recording, signal: AbortSignal) =>
        await (await open()).transcribe(recording, signal),
    },
    host: URL.parse(transcribe.whisperApiUrl)?.host ?? transcribe.whisperApiUrl,
    mostSeconds: transcribe.maxDurationSeconds,
    timeoutMs: transcribe.whisperRequestTimeoutSeconds * 1000,
  };
}
