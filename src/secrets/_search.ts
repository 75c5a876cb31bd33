import { type Form, formsOf } from "./_forms.ts";

/** A stretch of a text, from `start` to before `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Looks for values in texts. */
export interface Search {
  /** Where values stand in whatever form, in order and without overlap. */
  find(text: string): Stretch[];
  /** Where what may be the beginning of a value starts at the end of the text; its length if none does. */
  openEnd(text: string): number;
}

const BASE64_SIGN = /[A-Za-z0-9+/_-]/;

/** Prepares to look for these values. */
export function createSearch(values: readonly string[]): Search {
  if (values.length === 0) return { find: () => [], openEnd: (text) => text.length };
  const beginnings = listBeginnings(values.flatMap(formsOf));
  return {
    find(text) {
      const found: Stretch[] = [];
      for (let at = 0; at < text.length; at++) {
        const forms = beginnings.at(text, at);
        const longest = forms === undefined ? undefined : longestAt(forms, text, at);
        if (longest === undefined) continue;
        found.push(longest);
        at = longest.end - 1;
      }
      return found;
    },
    openEnd(text) {
      for (let at = 0; at < text.length; at++) {
        const matches = (beginnings.at(text, at) ?? []).map((form) => matchAt(form, text, at));
        if (matches.some(({ isOpen }) => isOpen)) return at;
        at = Math.max(at, ...matches.map(({ end }) => (end ?? 0) - 1));
      }
      return text.length;
    },
  };
}

/** The forms by their first two signs: nearly every place of a text begins none of them. */
interface Beginnings {
  /** Those that may begin at a place. */
  at(text: string, place: number): readonly Form[] | undefined;
}

function listBeginnings(forms: readonly Form[]): Beginnings {
  const byPair = new Map<number, Form[]>();
  const bySign = new Map<number, Form[]>();
  /** Whether a pair is in the map, by a number that different pairs may share. */
  const isThere = new Uint8Array(65_536);
  const add = (map: Map<number, Form[]>, key: number, form: Form) => {
    const known = map.get(key) ?? [];
    if (!known.includes(form)) map.set(key, [...known, form]);
  };
  for (const form of forms) {
    for (const [first, second] of pairsOf(form)) {
      add(bySign, first, form);
      add(byPair, first * 65_536 + second, form);
      isThere[shortOf(first, second)] = 1;
    }
  }
  return {
    at(text, place) {
      const first = text.charCodeAt(place);
      if (place === text.length - 1) return bySign.get(first);
      const second = text.charCodeAt(place + 1);
      return isThere[shortOf(first, second)] === 0
        ? undefined
        : byPair.get(first * 65_536 + second);
    },
  };
}

function shortOf(first: number, second: number): number {
  return (first * 61 + second) & 0xffff;
}

/** The first two signs of every way to write the beginning of a form, in both cases where they count alike. */
function pairsOf({ steps, between }: Form): [number, number][] {
  const [firsts = [], seconds = []] = steps;
  const behind = [...seconds.flatMap((one) => casesOf(one, 0)), ...codesOf(between)];
  return firsts.flatMap((spelling) =>
    casesOf(spelling, 0).flatMap((first) =>
      (spelling.length === 1 ? behind : casesOf(spelling, 1))
        .map((second): [number, number] => [first, second])
    )
  );
}

function codesOf(text: string): number[] {
  return [...text].map((sign) => sign.charCodeAt(0));
}

/** The sign of a spelling at a place; both cases where the spelling counts in any. */
function casesOf(spelling: string, place: number): number[] {
  const sign = spelling.charAt(place);
  if (spelling.length === 1) return [sign.charCodeAt(0)];
  return [sign.toLowerCase().charCodeAt(0), sign.toUpperCase().charCodeAt(0)];
}

function longestAt(forms: readonly Form[], text: string, at: number): Stretch | undefined {
  let longest: Stretch | undefined;
  for (const form of forms) {
    const { end } = matchAt(form, text, at);
    if (end === undefined || end <= (longest?.end ?? 0)) continue;
    const start = form.takesBefore && BASE64_SIGN.test(text[at - 1] ?? "") ? at - 1 : at;
    const isBehind = form.takesBehind && BASE64_SIGN.test(text[end] ?? "");
    longest = { start, end: isBehind ? end + 1 : end };
  }
  return longest;
}

interface Match {
  /** Where the longest match ends; `undefined`: there is none. */
  readonly end: number | undefined;
  /** The text ends before the form does. */
  readonly isOpen: boolean;
}

/** Follows all the spellings of each step at once, so the time grows with the length alone. */
function matchAt({ steps, between }: Form, text: string, start: number): Match {
  let places = [start];
  let isOpen = false;
  for (const [index, spellings] of steps.entries()) {
    const next = new Set<number>();
    for (const place of places) {
      let at = place;
      if (index > 0) { while (at < text.length && between.includes(text[at] ?? "")) at++; }
      if (at >= text.length) isOpen = true;
      else {
        for (const spelling of spellings) {
          const written = text.substr(at, spelling.length);
          const isSame = spelling.length === 1
            ? written === spelling
            : written.toLowerCase() === spelling.toLowerCase();
          if (isSame) next.add(at + spelling.length);
          else if (
            written.length < spelling.length &&
            spelling.toLowerCase().startsWith(written.toLowerCase())
          ) isOpen = true;
        }
      }
    }
    if (next.size === 0) return { end: undefined, isOpen };
    places = [...next];
  }
  return { end: Math.max(...places), isOpen: false };
}
