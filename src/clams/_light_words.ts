/**
 * Whether a request has no word by which somebody who heard nothing before could tell what is
 * meant: "tell me more", "a bit shorter", "give me an example", "in euros", "more formal". Takes
 * words as `wordsOf` gives them.
 */
export function saysNothingAlone(words: readonly string[]): boolean {
  const said = withoutPoliteness(words);
  const [first = "", ...rest] = said;
  if (said.length > 0 && said.every((word) => LIGHT.has(word))) return true;
  const isPiece = rest.length > 0 && rest.length <= 2;
  return isPiece && (PREPOSITIONS.has(first) || QUANTITIES.has(first) && !rest.includes("than"));
}

/** Whether a text is no text but a hint at one: "it", "that file", "what you said". */
export function onlyPoints(words: readonly string[]): boolean {
  return words.every((word) => LIGHT.has(word) || THINGS.has(word));
}

function withoutPoliteness(words: readonly string[]): string[] {
  const text = words.join(" ")
    .replace(/^(?:(?:please|bitte|hey|ok|so|well) |(?:can|could|would|will) you )+/, "")
    .replace(/(?: (?:please|bitte|thanks))+$/, "");
  return text.split(" ").filter((word) => word !== "");
}

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What people call what was said or made before. */
const THINGS = set(`
  you your my i we above below just said wrote sent gave told mentioned made file page link url site
  website text message mail email list number result answer reply document image picture photo video
  word sentence paragraph line code script program note notes summary table
`);

/** A short request that begins so is a piece of an earlier sentence: "without sugar". */
const PREPOSITIONS = set(
  "in for with without from by per as on auf mit ohne für en avec sans con sin",
);

/** "more formal", "less detail". */
const QUANTITIES = set("more less fewer mehr weniger");

/** Words that only point, ask, link or compare. Those of persons are none: "who are you". */
const LIGHT = set(`
  a an the this that these those it its he she they them him his her their one ones some any all each
  both either other others another such same thing things stuff part parts rest former latter next
  previous last first second third fourth final and or but if so than as of in on at to for from by
  with without about into is are was were be been am do does did done has have had will would can
  could should may might must what which who whom whose when where why how much many more most less
  least few fewer very too also only just still even yet again already up down out off not no yes
  now then here there please me us bit little lot else further instead rather exactly mean means
  meant sure really maybe right wrong true tell show give say let make put go get take keep try see
  explain describe elaborate continue expand clarify rephrase reword rewrite shorten lengthen simplify
  summarize summarise repeat detail details example examples reason reasons option options alternative
  alternatives difference short long big small simple good bad better best worse worst cheap expensive
  shorter longer bigger smaller simpler larger higher lower older newer younger cheaper faster slower
  earlier later easier harder nicer stronger weaker clearer louder quieter briefer brief closer
  deeper wider kinder funnier shortest longest biggest smallest largest highest lowest oldest newest
  cheapest fastest slowest formal informal cost costs work works happen happened happens briefly
  der die das den dem ein eine es er sie was wie wer wo wann warum welche welcher welches viel viele
  mehr weniger noch etwas anderes andere anderen und oder aber auch nur nochmal mir uns erzähl erzähle
  erkläre erklär zeig zeige gib sag mach kürzer länger einfacher größer kleiner besser genauer
  ausführlicher kostet ist sind war geht bitte erste erster erstes zweite zweiter letzte letzter
  nächste nächster beispiel
  le la les un une de d des du et ou que quoi quel quelle qui où quand comment pourquoi combien plus
  moins autre autres dis m en donne moi nous ça cela coûte est sont court courte long longue simple
  encore premier première second dernier dernière suivant suivante exemple explique
  el los las uno una y o qué cuál quién dónde cuándo cómo por cuánto cuesta más menos otro otra otros
  otras algo dime cuéntame dame explica explícame corto corta largo larga sencillo primero primera
  segundo último última siguiente ejemplo es son
`);
