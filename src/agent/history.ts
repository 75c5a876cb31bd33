import type { PromptMessage } from "../providers/provider.ts";
import type { Said } from "./ports.ts";

/** Turns before the request that the selector and the generator see. */
const RECENT = 12;

/**
 * The conversation for the models that choose and write code. An answer made from what others
 * wrote is withheld: its place, length and artefact id stand there instead.
 */
export function historyForCode(history: readonly Said[]): PromptMessage[] {
  const recent = [
    ...history.slice(0, -RECENT).filter(({ role }) => role === "summary"),
    ...history.slice(-RECENT),
  ];
  return recent.map(({ role, text, mark }) => ({
    role: role === "user" ? "user" : "assistant",
    text: mark ? mark.shown : text,
  }));
}

/** The conversation for chat, which has no tools: marked answers stand in a block of their own. */
export function historyForChat(history: readonly Said[], boundary: string): PromptMessage[] {
  return history.map(({ role, text, mark }) => ({
    role: role === "user" ? "user" : "assistant",
    text: mark ? markedBlock(text, boundary) : text,
  }));
}

/** Untrusted text between marks that it cannot forge; `boundary` is random. */
export function markedBlock(text: string, boundary: string): string {
  return `<untrusted ${boundary}>\n${text}\n</untrusted ${boundary}>`;
}
