import type { RunLine } from "./line.ts";

// A line is the text of a JSON object whose last member is its seal: an HMAC-SHA-256 over the seal
// of the line before and everything of the line but the seal itself. The first one seals the run's
// id. So lines can be neither changed nor moved nor taken out, but for the last ones.

/** Seals lines one after the other. */
export interface Sealer {
  /** The text of the next line, with its line feed. Nothing counts as written until `commit`. */
  seal(lines: readonly RunLine[]): Promise<SealedLines>;
  /** What was sealed last stands in the file. */
  commit(sealed: SealedLines): void;
}

/** Lines that belong behind those that were committed. */
export interface SealedLines {
  readonly text: string;
  readonly end: Position;
}

/** Where a file ends. */
export interface Position {
  /** Lines so far. */
  readonly count: number;
  /** Seal of the last one. */
  readonly seal: string;
}

const encoder = new TextEncoder();

/** Begins behind `position`. */
export function createSealer(key: CryptoKey, position: Position): Sealer {
  let at = position;
  return {
    async seal(lines) {
      let { count, seal } = at;
      const texts: string[] = [];
      for (const line of lines) {
        const open = JSON.stringify({ n: ++count, ...line });
        seal = await sealOf(key, seal, open);
        texts.push(`${open.slice(0, -1)},"seal":"${seal}"}\n`);
      }
      return { text: texts.join(""), end: { count, seal } };
    },
    commit({ end }) {
      at = end;
    },
  };
}

/** The position before the first line of a run. */
export function beginningOf(run: string): Position {
  return { count: 0, seal: run };
}

/** A file's lines as far as they are sound. */
export interface ReadLines {
  readonly lines: readonly RunLine[];
  readonly end: Position;
  /** Bytes of an unfinished last line; 0 when there is none. */
  readonly torn: number;
  /** Bytes of the whole file. */
  readonly size: number;
  /** The first line that is not as it was written: its number, and the bytes before it. */
  readonly damagedAt?: { readonly line: number; readonly offset: number };
}

const LINE_FEED = 0x0a;
const SEAL = /,"seal":"([0-9a-f]{64})"\}$/;

/** Reads and checks a run's file. */
export async function readLines(
  bytes: Uint8Array,
  run: string,
  key: CryptoKey,
): Promise<ReadLines> {
  const lines: RunLine[] = [];
  const size = bytes.length;
  const decoder = new TextDecoder();
  let at = beginningOf(run);
  let offset = 0;
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, offset);
    if (end < 0) return { lines, end: at, torn: size - offset, size };
    const read = await readRow(decoder.decode(bytes.subarray(offset, end)), at, key);
    if (!read) {
      return { lines, end: at, torn: 0, size, damagedAt: { line: at.count + 1, offset } };
    }
    lines.push(read.line);
    at = read.at;
    offset = end + 1;
  }
}

async function readRow(row: string, { count, seal: before }: Position, key: CryptoKey) {
  const seal = SEAL.exec(row)?.[1];
  if (seal === undefined) return undefined;
  const open = `${row.slice(0, -`,"seal":"${seal}"}`.length)}}`;
  if (await sealOf(key, before, open) !== seal) return undefined;
  const { n, ...line } = JSON.parse(open) as RunLine & { readonly n: number };
  return n === count + 1 ? { line: line as RunLine, at: { count: n, seal } } : undefined;
}

async function sealOf(key: CryptoKey, before: string, open: string): Promise<string> {
  const signed = await crypto.subtle.sign("HMAC", key, encoder.encode(`${before}\n${open}`));
  return new Uint8Array(signed).toHex();
}
