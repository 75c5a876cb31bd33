/** Words that hold sentences together, and those of short answers, in the languages of most users. */
const COMMON: ReadonlySet<string> = new Set(
  (
    "a an the this that these those it its he she they them his her their i me my we us our you your " +
    "one ones some any all each every both either neither no not none nothing something other " +
    "another such same and or but if then else so than as because while until since though " +
    "of in on at to for from by with without about into over under between after before during per " +
    "up down out off again now then here there today is are was were be been being am do does did " +
    "done has have had will would can could should may might must shall what which who whom whose " +
    "when where why how much many more most less least few very too also only just still even yet " +
    "already ok okay yes please thanks hello hi sorry s t re ll ve d m " +
    "der die das den dem des ein eine einen einem einer und oder aber wenn dann als wie wo wann " +
    "warum wer was ist sind war waren sein hat haben wird werden kann im in am an auf zu zum zur von " +
    "vom mit ohne für bei nach vor über unter nicht kein keine auch nur noch schon es er sie wir ihr " +
    "ich du mich mir dich dir ja nein bitte danke fertig " +
    "le la les l un une des du de d et ou mais si que qui quoi où quand comment pourquoi est sont " +
    "était dans sur à au aux pour par avec sans ne pas plus il elle ils elles je tu nous vous ce " +
    "cette ces oui non merci el los las una y o pero como cuando donde por para con sin en es son " +
    "fue al del se su sus lo no sí gracias gli e ma come dove per di da che è sono il i"
  ).split(" "),
);

/** Whether a word says nothing by itself. Takes words as `wordsOf` gives them. */
export function isCommonWord(word: string): boolean {
  return COMMON.has(word);
}
