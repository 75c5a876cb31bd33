import type { Json } from "../domain/json.ts";

/** What came of a standing task: something for the person, or nothing. */
export interface BeatVerdict {
  /** `null`: there is nothing to say, and nothing is said. */
  readonly report: string | null;
  /** Requests to models that it took. */
  readonly calls: number;
}

/** A verdict as the text of an answer carries it. */
export function formatVerdict(verdict: BeatVerdict): string {
  return JSON.stringify(verdict);
}

/** Reads it again; what is none says nothing. */
export function parseVerdict(text: string): BeatVerdict {
  try {
    const { report, calls } = (JSON.parse(text) as Json ?? {}) as unknown as Partial<BeatVerdict>;
    if (typeof calls === "number" && (report === null || typeof report === "string")) {
      return { report, calls };
    }
  } catch {
    // it is none
  }
  return { report: null, calls: 0 };
}
