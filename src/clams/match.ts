import type { Clam, ClamId, ClamManifest } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { wordsOf } from "../text/words.ts";
import { hasSameContent, leansBesideContent } from "./_content.ts";
import { needsConversation } from "./_conversation.ts";
import { isDoubtful } from "./_doubt.ts";
import { isMatched, isOffered } from "./_entry.ts";
import type { ClamUse } from "./_usage.ts";
import { readInputs } from "./inputs.ts";
import type { Library } from "./library.ts";
import { normalizeRequest } from "./request.ts";
import {
  anchorsIn,
  countLiteralWords,
  matchReading,
  parseTemplate,
  readForTemplates,
  type Reading,
} from "./template.ts";

/** A clam that answers a request without any model. */
export interface Match {
  readonly clam: ClamId;
  /** Validated, with defaults filled in. */
  readonly inputs: JsonObject;
  readonly by: "request" | "template";
}

/** A clam that might answer, for a model to choose from. */
export interface Candidate extends Clam {
  readonly usage: ClamUse;
}

export interface Matcher {
  /**
   * The one clam that was kept for this very request, else the one whose template it fits with
   * valid inputs. `undefined` when there is none, when several clams or readings fit, or when the
   * request means something only in its conversation. What the index says is checked against the clam itself.
   */
  find(request: string): Promise<Match | undefined>;
  /** Why a clam that fits is not run, when its script was changed. */
  changed(request: string): Promise<CodedError | undefined>;
  /**
   * Up to `limit` clams, those that share most words with the request first. What is bound to a
   * conversation is among them in that one only.
   */
  candidates(
    request: string,
    limit: number,
    conversation?: string,
  ): Promise<readonly Candidate[]>;
}

/** Templates that fit; with more of them it is not worth looking which inputs are valid. */
const MOST_FITTING = 8;

export function createMatcher({ library }: { readonly library: Library }): Matcher {
  return {
    async find(request) {
      const key = normalizeRequest(request);
      if (key === "") return undefined;
      const asked: Asked = { request, key, reading: readForTemplates(request) };
      if (needsConversation(request)) return await findWithContent(library, asked);
      return await findByRequest(library, asked) ?? await findByTemplate(library, asked);
    },
    async changed(request) {
      const key = normalizeRequest(request);
      return await findChanged(library, { request, key, reading: readForTemplates(request) });
    },
    candidates: (request, limit, conversation) =>
      findCandidates(library, request, limit, conversation),
  };
}

interface Asked {
  readonly request: string;
  readonly key: string;
  readonly reading: Reading;
}

/** Own clams before starters, the newest first: a later answer to a request replaces an earlier. */
async function findByRequest(library: Library, asked: Asked): Promise<Match | undefined> {
  const ids = await library.lookup.query((tables) => tables.byRequest(asked.key));
  const clams = await loadMeant(
    library,
    ids,
    (manifest) =>
      isMatched(manifest) && manifest.requests.some((one) => normalizeRequest(one) === asked.key),
  );
  const kept = clams
    .filter(({ manifest }) => !hasForeignDate(manifest.inputs, asked.request))
    .filter(({ manifest }) => hasSameContent(manifest, asked.request, asked.key))
    .sort((a, b) => rank(b).localeCompare(rank(a)));
  for (const { id, manifest } of kept) {
    const read = await readInputs(manifest, {});
    if (read.ok) return { clam: id, inputs: read.inputs, by: "request" };
  }
  return undefined;
}

function rank({ manifest }: Clam): string {
  return (manifest.origin === "starter" ? "0" : "1") + manifest.createdAt;
}

/** A day in the inputs that the request does not name came from "tomorrow" or the like. */
function hasForeignDate(inputs: Json, request: string): boolean {
  if (typeof inputs === "string") {
    const numbers = new Set((request.match(/\d+/g) ?? []).map(Number));
    return [...inputs.matchAll(/\d{4}-\d{2}-(\d{2})/g)].some(([, day]) =>
      !numbers.has(Number(day))
    );
  }
  if (inputs === null || typeof inputs !== "object") return false;
  return Object.values(inputs).some((value) => hasForeignDate(value, request));
}

async function findByTemplate(library: Library, asked: Asked): Promise<Match | undefined> {
  const ids = await idsByTemplate(library, asked);
  if (ids.length === 0 || ids.length > MOST_FITTING) return undefined;
  const clams = await loadMeant(
    library,
    ids,
    (manifest) =>
      isMatched(manifest) && manifest.templates.some((text) => fit(text, asked) !== undefined),
  );
  const matches = await Promise.all(clams.map((clam) => matchClam(clam, asked)));
  const valid = matches.flat();
  const [first] = valid;
  const isClear = first !== undefined &&
    valid.every((match) =>
      match.clam === first.clam && canonicalJson(match.inputs) === canonicalJson(first.inputs)
    );
  return isClear ? first : undefined;
}

/** A starter for which only the person's own text sounds as if it leaned on something. */
async function findWithContent(library: Library, asked: Asked): Promise<Match | undefined> {
  const match = await findByTemplate(library, asked);
  const clam = match && await loadClam(library, match.clam);
  if (typeof clam !== "object" || clam.manifest.origin !== "starter") return undefined;
  return leansBesideContent(clam.manifest, asked.request) ? undefined : match;
}

/** Clams with a template that fits, as the index has it. */
async function idsByTemplate(library: Library, asked: Asked): Promise<ClamId[]> {
  const found = await library.lookup.query((tables) => {
    const texts = new Set(tables.templatesUnder(anchorsIn(asked.reading)));
    return [...texts].filter((text) => fit(text, asked) !== undefined)
      .flatMap((text) => tables.byTemplate(text, MOST_FITTING + 1));
  });
  return [...new Set(found)];
}

function fit(text: string, { reading }: Asked): JsonObject | undefined {
  const template = parseTemplate(text);
  return template && matchReading(template, reading);
}

/** Of the templates of one clam that fit, those that say most in words of their own. */
async function matchClam({ id, manifest }: Clam, asked: Asked): Promise<Match[]> {
  let matches: Match[] = [];
  let most = 0;
  for (const template of manifest.templates.flatMap((text) => parseTemplate(text) ?? [])) {
    const said = countLiteralWords(template);
    const inputs = said < most ? undefined : matchReading(template, asked.reading);
    if (!inputs || isDoubtful(manifest, template, inputs, asked.request)) continue;
    const read = await readInputs(manifest, inputs);
    if (!read.ok) continue;
    const match: Match = { clam: id, inputs: read.inputs, by: "template" };
    matches = said > most ? [match] : [...matches, match];
    most = said;
  }
  return matches;
}

/** The clams themselves. What the index has wrong about them is put right for the next time. */
async function loadMeant(
  library: Library,
  ids: readonly ClamId[],
  isMeant: (manifest: ClamManifest) => boolean,
): Promise<Clam[]> {
  const loaded = await Promise.all(ids.map((id) => loadClam(library, id)));
  const meant = loaded.filter((clam) => typeof clam === "object" && isMeant(clam.manifest));
  const wrong = ids.filter((_, at) => loaded[at] !== "changed" && !meant.includes(loaded[at]));
  if (wrong.length > 0) await library.lookup.change(() => Promise.resolve(wrong));
  return meant as Clam[];
}

/** A clam whose script has changed is indexed as it should be; it only must not run. */
async function loadClam(library: Library, id: ClamId): Promise<Clam | "changed" | undefined> {
  try {
    return await library.get(id);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.code === "clam_changed" ? "changed" : undefined;
  }
}

async function findChanged(library: Library, asked: Asked): Promise<CodedError | undefined> {
  const byRequest = asked.key === ""
    ? []
    : await library.lookup.query((tables) => tables.byRequest(asked.key));
  for (const id of [...byRequest, ...await idsByTemplate(library, asked)]) {
    try {
      await library.get(id);
    } catch (error) {
      if (error instanceof CodedError && error.code === "clam_changed") return error;
    }
  }
  return undefined;
}

/** Words that nearly every request holds. */
const COMMON = new Set(
  ("a an the of in on at to for from is are was be it this that my me i you your what which who " +
    "how when where do does can could please and or with by der die das ein eine und ist im in " +
    "le la les de du des un une et el los las en y der den").split(" "),
);
const MOST_WORDS = 30;

async function findCandidates(
  library: Library,
  request: string,
  limit: number,
  conversation?: string,
): Promise<Candidate[]> {
  const words = [...new Set(wordsOf(request.slice(0, 10_000)))];
  const telling = words.filter((word) => !COMMON.has(word)).slice(0, MOST_WORDS);
  const here = conversation ?? "";
  const ids = await library.lookup.query((tables) => [
    ...tables.byWords(telling, here, limit),
    ...tables.some(here, limit),
  ]);
  const chosen = [...new Set(ids)].slice(0, limit);
  const usage = await library.usage();
  return (await loadMeant(library, chosen, (one) => isOffered(one, conversation))).map((clam) => ({
    ...clam,
    usage: usage.get(clam.id) ?? { count: 0, lastUsed: 0 },
  }));
}
