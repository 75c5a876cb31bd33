import type { Candidate } from "../clams/match.ts";
import { typeOf } from "../tools/declarations.ts";

/** What a prompt is put together from; every part may be empty. */
export interface PromptParts {
  readonly rules: string;
  /** Tools as TypeScript declarations. */
  readonly tools: string;
  /** The person's documents, `workspace/docs/*.md`, in the order of their names. */
  readonly docs: readonly { readonly name: string; readonly text: string }[];
  readonly memory: string;
  readonly candidates: readonly Candidate[];
  /** What nothing here can do. */
  readonly missing: readonly string[];
  readonly situation: Situation;
}

/** Where and when the request is made. */
export interface Situation {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** IANA zone. */
  readonly zone: string;
  /** What to call the person; may be empty. */
  readonly person: string;
}

/** The system message: rules, what is missing, tools, documents, memory, candidates, date and person. */
export function formatSystem(parts: PromptParts): string {
  const sections = [
    parts.rules,
    titled("What does not exist here", parts.missing.map((one) => `- ${one}`).join("\n")),
    titled("Tools", parts.tools),
    ...parts.docs.map(({ name, text }) => titled(`Document of the person: ${name}`, text)),
    titled("What is known about the person", parts.memory),
    titled("Kept clams", parts.candidates.map(formatCandidate).join("\n")),
    titled("Now", formatSituation(parts.situation)),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function titled(title: string, text: string): string {
  return text.trim() === "" ? "" : `## ${title}\n\n${text.trim()}`;
}

// Characters of a kept clam's texts in a prompt at most.
const DESCRIPTION = 160;
const REQUEST = 120;
const TYPE = 300;
const MOST_TEMPLATES = 2;

/** A clam as the selector and generator see it: what its maker wrote, never what it returned. */
function formatCandidate({ id, manifest, usage }: Candidate): string {
  const { name, description, inputSchema, requests, templates, origin } = manifest;
  const inputs = typeOf(inputSchema);
  const made = origin === "starter" ? [] : requests.slice(0, 1);
  const known = [...made, ...templates.slice(0, MOST_TEMPLATES - made.length)]
    .map((text) => JSON.stringify(oneLine(text, REQUEST)));
  const used = usage.count === 0
    ? ""
    : ` (used ${usage.count} times, last ${new Date(usage.lastUsed).toISOString().slice(0, 10)})`;
  return `- ${id}: ${oneLine(name, DESCRIPTION)}. ${oneLine(description, DESCRIPTION)}${used} ` +
    `inputs: ${inputs.length > TYPE ? "{…}" : inputs}` +
    (known.length === 0 ? "" : ` for: ${known.join(", ")}`);
}

/** A line of a list stays one line, whatever is in it. */
function oneLine(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length).toWellFormed()}…` : line;
}

/** Date, time, zone and person, one a line. */
export function formatSituation({ now, zone, person }: Situation): string {
  const date = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "longOffset",
  });
  const lines = [`Date: ${date.format(now)}`, `Time: ${time.format(now)}`, `Time zone: ${zone}`];
  if (person !== "") lines.push(`Name of the person: ${person}`);
  return lines.join("\n");
}
