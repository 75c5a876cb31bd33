import type { ClamManifest } from "../domain/clam.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { wordsOf } from "../text/words.ts";
import { holdsUncertainNumber } from "./_numbers.ts";
import type { Piece, Template } from "./template.ts";

type Known = Pick<ClamManifest, "inputs" | "inputSchema" | "origin">;

/**
 * Whether a request that fits a template may mean something else by the words that came into its
 * slots: "otherwise write nothing" is no file that says so, "Rome and Paris" no place, "the first
 * line" no other last line. What stands in quotes is meant to the letter. Where people chose the
 * templates, only words for nothing are in doubt. Errs on the side of yes.
 */
export function isDoubtful(
  manifest: Known,
  template: Template,
  inputs: JsonObject,
  request: string,
): boolean {
  return template.pieces.filter(takesWords).some(({ name }) => {
    const value = inputs[name];
    if (typeof value !== "string" || isQuoted(value, request)) return false;
    const known = manifest.inputs[name];
    if (value === known || isListed(value, manifest.inputSchema, name)) return false;
    return saysNothing(value) || manifest.origin === "generated" && turnsAway(value, known ?? "");
  });
}

type SlotPiece = Extract<Piece, { kind: "slot" }>;

function takesWords(piece: Piece): piece is SlotPiece {
  return piece.kind === "slot" && ["word", "name", "text"].includes(piece.type);
}

function isQuoted(value: string, request: string): boolean {
  const at = request.indexOf(value);
  const [before = " ", after = " "] = [request[at - 1], request[at + value.length]];
  return at > 0 && /["'`“„‘«「『]/.test(before) && /["'`“”’»」』]/.test(after);
}

/** Whether the schema names this very value as one of those that are allowed. */
function isListed(value: string, { properties }: JsonObject, name: string): boolean {
  const own = (properties as Record<string, JsonObject> | undefined)?.[name];
  const listed = own && typeof own === "object" ? own.enum : undefined;
  return Array.isArray(listed) && listed.includes(value);
}

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const NOTHING = set(`
  nothing none nobody noone anything nichts nix keine keiner keines keins niemand rien aucun aucune
  personne nada ninguno ninguna nadie niente nulla nessuno nessuna nenhum nenhuma ninguém ничего
  ничто никто нічого 无 没有 什么都没有 何も なし 없음
`);
const BESIDE_NOTHING = set("at all of it them these those not no else whatsoever gar du tout de");

function saysNothing(value: string): boolean {
  const words = wordsOf(value);
  return words.some((word) => NOTHING.has(word)) &&
    words.every((word) => NOTHING.has(word) || BESIDE_NOTHING.has(word));
}

/** Words that join another wish to the first, take something out of it, or turn it round. */
const TURNS = set(`
  and or but not no never without except excluding unless if when then instead only plus also
  otherwise first last top bottom above below over under before after until since ascending
  descending largest smallest biggest highest lowest newest oldest most least more less
  und oder aber nicht kein ohne außer wenn dann statt nur auch sonst erste ersten erster letzte
  letzten letzter über unter vor nach größte kleinste
  et ou mais pas sans sauf si puis seulement aussi premier première dernier dernière avant après
  y o pero sin salvo solo también primero primera último última antes después
  ed ma non senza tranne solo anche primo prima ultimo dopo e sem exceto não
`);

/** Whether a value has such a word, or a number of two readings, that the kept one had not. */
function turnsAway(value: string, known: Json): boolean {
  const before = typeof known === "string" ? known : JSON.stringify(known);
  const words = new Set(wordsOf(before));
  if (wordsOf(value).some((word) => TURNS.has(word) && !words.has(word))) return true;
  return /\d/.test(before) && holdsUncertainNumber(value);
}
