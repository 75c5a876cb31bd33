import { openTranscriber } from "../providers/open_transcriber.ts";
import type { ToolPorts } from "../tools/tool_facts.ts";
import { openProviderPorts } from "./models.ts";
import type { Setting, Stores } from "./stores.ts";

/** How recordings are listened to, by the configuration. Nothing is looked up before the first one. */
export function openListening(stores: Stores, setting: Setting): ToolPorts["listening"] {
  const { providers, tools: { transcribe } } = setting.config;
  const ports = openProviderPorts({ ...setting, ...stores });
  return {
    transcriber: openTranscriber({ providers, transcribe }, ports),
    host: URL.parse(transcribe.whisperApiUrl)?.host ?? transcribe.whisperApiUrl,
    mostSeconds: transcribe.maxDurationSeconds,
    timeoutMs: transcribe.whisperRequestTimeoutSeconds * 1000,
  };
}
