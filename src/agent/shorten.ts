import type { Artefacts } from "../artefacts/artefacts.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { SessionEntry } from "../sessions/entry.ts";
import { estimateTokens } from "../text/tokens.ts";

/** What is needed to shorten. */
export interface ShortenPorts {
  readonly artefacts: Pick<Artefacts, "keep">;
  readonly redactor: Redactor;
}

/** Characters that stay of a text that is too long for its conversation. */
const HEAD = 1000;
/** Texts with fewer tokens are never the trouble. */
const SMALLEST = 1000;

/**
 * Cuts the longest texts of entries until all of them together fit, as far as that helps. Each
 * whole text is kept as an artefact; its beginning and the artefact's id stay.
 */
export async function shortenEntries(
  entries: readonly SessionEntry[],
  maxTokens: number,
  conversation: string,
  ports: ShortenPorts,
): Promise<SessionEntry[]> {
  const shortened = [...entries];
  const sizes = entries.map(({ content }) => estimateTokens(content));
  let total = sizes.reduce((sum, size) => sum + size, 0);
  const longest = sizes.map((size, index) => ({ size, index })).sort((a, b) => b.size - a.size);
  for (const { size, index } of longest) {
    const entry = entries[index];
    if (!entry || total <= maxTokens || size < SMALLEST) break;
    const short = await shorten(entry, conversation, ports);
    shortened[index] = short;
    total += estimateTokens(short.content) - size;
  }
  return shortened;
}

async function shorten(
  entry: SessionEntry,
  conversation: string,
  { artefacts, redactor }: ShortenPorts,
): Promise<SessionEntry> {
  const { content, metadata } = entry;
  const kind = entry.role === "user" ? "message" : "answer";
  const id = metadata.artefact ??
    await artefacts.keep(redactor.redact(content), { kind, from: conversation });
  const notice = `[cut here: the whole text of ${content.length} characters is artefact ${id}]`;
  const head = content.slice(0, HEAD).toWellFormed();
  return { ...entry, content: `${head}\n${notice}`, metadata: { ...metadata, whole: id } };
}
