/** Words for doing something in the world, as people promise it or say that it was done. */
const DEEDS = [
  "remind|schedul|sen[dt]|e-?mail|messag|call(?:ed)? (?:him|her|them|the)|book|order|reserv|notif|" +
  "wake|alarm|timer|sav|writ|wrote|stor|creat|delet|remov|renam|mov|copi|download|upload|post|add|" +
  "set up|turn|switch|pay|paid|bought|buy|transfer|cancel|publish|updat|chang",
  "erinner|schick|send|gesendet|geschickt|verschick|speicher|gespeichert|schreib|geschrieben|lösch|" +
  "gelöscht|buch|gebucht|bestell|leg|angelegt|stell|gestellt|weck|benachrichtig|verschob|verschieb|" +
  "ruf|angeruf|telefonier",
  "rappel|envoy|enregistr|écri|supprim|réserv|command|prévien|cré|ajout|déplac|appelé|appeler|téléphon",
  "record|envi|guard|escrib|escrito|borr|elimin|reserv|avis|cre|añad|program|llamad|llamar|telefon",
  "ricord|invi|salv|scri|cancell|elimin|prenot|avvis|cre|aggiun|chiamat[oa] (?:a|il|la)|telefon",
  "lembr|envi|salv|guard|escrev|escrito|apag|reserv|avis|cri|adicion|ligar|liguei|telefon",
  "herinner|stuur|verstuur|verzond|opgeslag|schrijf|geschrev|verwijder|boek|plan|gebeld|bellen",
  "напомн|отправ|сохран|запис|удал|созда|заказ|забронир|позвон",
] as const;

/** How each language says that the speaker does or did it: the same order as the deeds. */
const BY_ME = [
  String.raw`\b(?:i(?:'ll|’ll| will| have|'ve|’ve| am going to| just)?|done[:,.!]?|consider it|` +
  String.raw`(?:has|have) been|was|were|is now|are now)\b`,
  String.raw`\b(?:ich (?:werde|habe|hab)|erledigt|wurde[n]?|ist jetzt|ich)\b`,
  String.raw`(?:\bje (?:vais|vous|t)|\bj['’]ai|\ba été|\bc['’]est fait)`,
  String.raw`\b(?:voy a|te|he|ha sido|hecho|listo)\b`,
  String.raw`(?:\bti\b|\bho\b|\bè stat|\bfatto)`,
  String.raw`\b(?:vou|eu|foi|feito|já)\b`,
  String.raw`\b(?:ik (?:zal|heb)|is|werd|gedaan)\b`,
  String.raw`(?:я|был[аои]?|готово)`,
] as const;

const CLAIMS = BY_ME.map((me, at) =>
  new RegExp(`${me}[^.!?\\n]{0,60}?(?<!\\p{L})(?:${DEEDS[at]})\\p{L}*`, "iu")
);

/** To call somebody is a deed only of one who speaks: a dog is called, too. */
const CALLED =
  /\bi(?:'ll|’ll| will| have|'ve|’ve| am going to| just)?(?: just| now| already)? (?:call|phon|ring|rang|rung|dial)\p{L}*/iu;

/** What is only said to be remembered is: the memory learns by itself. */
const KEPT_IN_MIND =
  /\b(?:keep|kept|bear)\b[^.!?\n]{0,40}\bin mind\b|\bremember(?:ed)?\b|\bnoted\b/gi;

/** A sentence that says no claims nothing. */
const DENIED =
  /[^.!?\n]*\b(?:can(?:no|')t|can’t|cannot|could ?n[o']t|wo(?:n't|n’t)|will not|did ?n[o']t|unable|not able|kann (?:ich )?(?:leider )?(?:nicht|keine)|nicht möglich|ne peux pas|no puedo|non posso|não posso|kan (?:ik )?niet|не могу)\b[^.!?\n]*/gi;

/**
 * Whether words may promise a deed, or say that one was done. It decides nothing: it only finds what
 * must not be told while nothing was done without somebody having looked at it. Knows English,
 * German, French, Spanish, Italian, Portuguese, Dutch and Russian.
 */
export function mayPromise(text: string): boolean {
  const claimed = text.replace(KEPT_IN_MIND, "").replace(DENIED, "");
  return [...CLAIMS, CALLED].some((claim) => claim.test(claimed));
}
