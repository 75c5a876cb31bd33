import type { Redactor } from "../domain/redacted.ts";

/** Something in a text that looks like a key of somebody known. */
export interface KeyShape {
  /** As people know who gives such keys. */
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

/**
 * How keys look, by who gives them; the first that fits counts. From the documentation of each
 * (prefixes that secret scanners know; docs.github.com, "supported secret scanning patterns").
 */
const SHAPES: readonly (readonly [title: string, shape: string])[] = [
  ["Anthropic", "sk-ant-[A-Za-z0-9_-]{16,}"],
  ["OpenRouter", "sk-or-v1-[A-Za-z0-9]{16,}"],
  ["Stripe", "[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"],
  ["OpenAI or DeepSeek", "sk-[A-Za-z0-9_-]{16,}"],
  ["Groq", "gsk_[A-Za-z0-9]{16,}"],
  ["Google", "AIza[A-Za-z0-9_-]{30,}"],
  ["GitHub", "gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"],
  ["GitLab", "glpat-[A-Za-z0-9_-]{16,}"],
  ["Slack", "xox[abeoprs]-[A-Za-z0-9-]{10,}"],
  ["AWS", "(?:AKIA|ASIA)[A-Z0-9]{16}"],
  ["Hugging Face", "hf_[A-Za-z0-9]{20,}"],
  ["npm", "npm_[A-Za-z0-9]{30,}"],
  ["Telegram", "\\d{8,12}:[A-Za-z0-9_-]{34,}"],
  [
    "a private key",
    "-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
  ],
];

const ANY = new RegExp(
  SHAPES.map(([, shape]) => `(?<![A-Za-z0-9_-])(${shape})`).join("|"),
  "g",
);

/** Finds what looks like a key, in order and without overlap. */
export function findKeyShapes(text: string): KeyShape[] {
  return [...text.matchAll(ANY)].map((match) => ({
    title: SHAPES[match.slice(1).findIndex((group) => group !== undefined)]?.[0] ?? "",
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Whether a text holds a known secret, or what looks like somebody's key. */
export function holdsSecret(text: string, redactor: Redactor): boolean {
  return redactor.redact(text) !== text || findKeyShapes(text).length > 0;
}
