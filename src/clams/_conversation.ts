import { wordsOf } from "../text/words.ts";
import { saysNothingAlone } from "./_light_words.ts";
import { namePronouns } from "./_named.ts";
import { readRequest } from "./request.ts";

/**
 * Whether a request gets its meaning from what was said before it: an answer ("yes", "2"), a
 * follow-up ("and tomorrow?", "the same for Rome"), a reference ("do it again", "delete that
 * file"); not a pronoun for what the request itself names. Errs on the side of yes: the price of a wrong yes is one question to a model, that of a
 * wrong no is a wrong answer. Knows English, German, French, Spanish, Italian, Portuguese,
 * Russian, Ukrainian, Chinese, Japanese and Korean.
 */
export function needsConversation(text: string): boolean {
  const pieces = readRequest(text).map(({ raw }) => raw);
  const said = namePronouns(pieces, isOpaque).map((raw) => isOpaque(raw) ? "x" : raw).join(" ");
  const words = wordsOf(said);
  const plain = words.join(" ");
  if (words.length === 0 || /^\p{N}+$/u.test(plain)) return true;
  return REPLIES.has(plain) || begins(plain) || isUnspacedFollowUp(said) ||
    words.some((word, at) => refersBack(word, at, words)) || contains(plain) ||
    saysNothingAlone(words);
}

/** Quoted text, addresses, paths and names: what stands in them refers to nothing. */
const OPAQUE = /^["'`“„‘«「『]|[/\\_=@]|\p{L}\.\p{L}/u;

function isOpaque(piece: string): boolean {
  return OPAQUE.test(piece);
}

const list = (text: string): readonly string[] => text.trim().split(/\s*[|\n]\s*/);

/** Whole messages that only answer or prolong. */
const REPLIES = new Set(list(`
  yes|no|ok|okay|sure|yep|nope|maybe|thanks|thank you|please|please do|go on|go ahead|continue|more
  next|stop|why|why not|how|how so|what|who|when|where|which|really|and|or|same|undo|redo|repeat
  retry|try again|tomorrow|yesterday|today|first|second|third|last|correct|wrong|right|exactly
  ja|nein|doch|weiter|mehr|warum|wie|was|wer|wann|wo|danke|bitte|genau|nochmal|morgen|gestern|heute
  oui|non|d accord|continue|plus|pourquoi|comment|quoi|merci|demain|hier|suivant|encore
  sí|si|no|vale|sigue|más|por qué|cómo|qué|gracias|mañana|ayer|siguiente|otra vez
  sì|va bene|continua|ancora|perché|come|cosa|grazie|domani|ieri|sim|não|mais|por quê|obrigado|amanhã
  да|нет|хорошо|ладно|дальше|ещё|еще|почему|как|что|кто|когда|где|спасибо|завтра|вчера|сегодня
  так|ні|далі|ще|чому|дякую
  是|不是|好|好的|继续|为什么|谢谢|明天|昨天|再来一次|はい|いいえ|続けて|なぜ|ありがとう|明日|네|아니요|계속|왜|내일
`));

/** First words of a message that goes on where another ended. */
const OPENINGS = list(`
  and|or|but|also|then|what about|how about|same|the same|again|instead|another|one more|once more
  not that|as before|like before|like last time|as well|now in|now with|now without|now for|now as
  now make|now do|now try|now the
  und|oder|aber|auch|dann|was ist mit|wie sieht es|noch mal|nochmal|noch ein|noch eine|noch einen
  dasselbe|das gleiche|das selbe|genauso|nochmals
  et|ou|mais|aussi|puis|la même|le même|pareil|encore|et pour
  y|o|pero|también|lo mismo|otra vez|de nuevo|qué tal|e|ma|anche|lo stesso|di nuovo|ancora
  mas|também|o mesmo|de novo|outra vez
  а|и|но|или|тоже|также|то же|снова|опять|ещё раз|еще раз|і|й|але|також|те саме|знову
  그리고|그럼|그러면|다시|또
`);

/** Words and phrases that point back wherever they stand. */
const ANYWHERE = list(`
  again|he|she|him|his|her|hers|they|them|their|theirs|ditto|the previous|the above|aforementioned
  the first one|the second one|the third one|the last one|the other one|that one|this one|those|these
  you said|you just|you told|you mentioned|you sent|you gave|you wrote|i said|i just|i told|my last
  last answer|last result|last message|last reply|last question|as before|like before|last time
  one more time|once more|instead|do so|the same|in that case|except that|the former|the latter
  what else|who else|where else|anything else|something else|which one|which ones|the others
  tell me more|more of that|like what|how come
  nochmal|noch mal|nochmals|noch einmal|stattdessen|wie vorher|wie eben|dasselbe|das gleiche
  encore une fois|à nouveau|de nouveau|la même chose|à la place|comme avant
  otra vez|de nuevo|lo mismo|en su lugar|di nuovo|un altra volta|lo stesso|de novo|outra vez|o mesmo
  ещё раз|еще раз|снова|опять|то же самое|вместо этого|ще раз|знову|те саме|его|ее|её|их|ему|ей|им
  다시|그거|그것|이거|이것
`);

function begins(plain: string): boolean {
  return OPENINGS.some((opening) => plain === opening || plain.startsWith(`${opening} `));
}

function contains(plain: string): boolean {
  const padded = ` ${plain} `;
  return ANYWHERE.some((phrase) => padded.includes(` ${phrase} `));
}

const set = (text: string): ReadonlySet<string> => new Set(text.split(/[|\s]+/));
/** After these, pronouns may stand for nothing: "wie spät ist es", "qué hora es". */
const EMPTY_SUBJECT_AFTER = set(
  "is was s are were isn will does did do can could would should has ist war gibt hora día",
);
/** With these, `it` stands for nothing: "what time is it", "is it raining", "how long is it until". */
const IMPERSONAL = set(
  "times dates date days weeks months hours minutes years today tomorrow tonight yesterday am pm " +
    "o'clock until till since ago late early light dark holiday weekday birthday christmas easter " +
    "halloween rain rains rained raining rainy snow snows snowed snowing snowy storm storming stormy " +
    "hail hailing freeze freezing cold colder hot warm warmer sunny windy cloudy foggy humid dry wet " +
    "wind weather temperature degrees",
);
/** Behind `it` these begin what it stands for: "is it safe to", "is it true that". */
const EXPLAINING = set("to that if whether when worth");
/** "this week" is clear without a conversation. */
const TIMES = set(
  "second minute hour morning afternoon evening night day week weekend month quarter year century " +
    "decade season spring summer autumn fall winter monday tuesday wednesday thursday friday " +
    "saturday sunday january february march april may june july august september october november " +
    "december time",
);
/** "that" before these is a thing spoken of, not the beginning of a clause. */
const THINGS = set(
  "file page link url site website text message mail email list number result answer thing " +
    "document image picture photo video word sentence code script program note city place country " +
    "day date time price name person and or to for into in on with from of as by at",
);
const OBJECT_PRONOUNS: Readonly<Record<string, ReadonlySet<string>>> = {
  de: set("das es ihn sie ihm ihnen dies diese diesen dieses dort davon damit daraus dazu"),
  fr: set("ça cela ceci le la les lui leur"),
  es: set("eso esto lo la los las ello allí"),
  it: set("questo quello ciò lo"),
  pt: set("isso isto aquilo ele ela"),
  ru: set("это этого этому этим этом туда там него неё них цього це його її"),
};

/** English words behind which `la` is Los Angeles and no Spanish pronoun. */
const BEFORE_NAMES = set("in to from near around and or");

function refersBack(word: string, at: number, words: readonly string[]): boolean {
  const before = words[at - 1] ?? "";
  const after = words[at + 1];
  switch (word) {
    case "it":
      return !words.some((one) => IMPERSONAL.has(one) || TIMES.has(one)) &&
        !(EMPTY_SUBJECT_AFTER.has(before) &&
          words.slice(at + 1).some((one) => EXPLAINING.has(one)));
    case "there":
      return after === undefined && !EMPTY_SUBJECT_AFTER.has(before);
    case "this":
      return !TIMES.has(after ?? "");
    case "that":
      return after === undefined || THINGS.has(after);
    case "too":
      return after === undefined;
  }
  return after === undefined && at > 0 && !EMPTY_SUBJECT_AFTER.has(before) &&
    !BEFORE_NAMES.has(before) &&
    Object.values(OBJECT_PRONOUNS).some((pronouns) => pronouns.has(word));
}

/** Chinese and Japanese have no spaces to cut at: their marks stand at the ends. */
function isUnspacedFollowUp(text: string): boolean {
  const plain = text.trim().replace(/[\p{P}\s]+$/u, "");
  return /^(?:那么?|还有|再|又|同样|它|这个|那个|刚才|それ|これ|あれ|じゃあ|では|もう一度|また|同じ)/u
    .test(plain) ||
    /(?:呢|もう一度|它|一样|再一次|一遍)$/u.test(plain);
}
