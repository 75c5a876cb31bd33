import { wordsOf } from "../text/words.ts";

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words by which people speak of themselves, or of what shall hold from now on. */
const SELF = set(`
  i my mine myself we our ours ourselves always never prefer remember forget
  ich mein meine meinen meinem meiner meines mir mich wir unser unsere unseren unserem uns immer
  niemals merk merke merken vergiss
  je j moi mon ma mes nous notre nos toujours jamais souviens oublie
  yo mi mis mí soy tengo vivo trabajo prefiero nosotros nuestro nuestra llamo siempre nunca recuerda
  olvida mio mia miei mie sono abito lavoro preferisco chiamo noi nostro nostra sempre ricorda
  dimentica eu meu minha meus minhas mim sou tenho moro trabalho prefiro chamo nós nosso nossa nunca
  lembra esquece ik mijn mij wij ons onze altijd nooit onthoud vergeet
  jag mig min mitt mina vår jeg meg mitt mine vår altid alltid aldrig aldri minä minun minulla minut
  olen asun meidän én nekem nevem vagyok lakom benim bana adım biz bizim
  jsem můj moje mě mne mnie mój moja jestem mam mieszkam nazywam moj zovem živim
  tôi mình saya aku nama mimi jina langu yangu ako ko akin numele meu mea sunt locuiesc
  meva meus sóc mina minu mul aš mano ég mín nire naiz
  я мой моя моё мое мои меня мне мной моего моей мы наш наша наше нас нам зовут живу всегда никогда
  запомни забудь мій моє мої мене мені ми завжди ніколи аз съм моят моята
`);

/** Where such words stand in commands, they tell nothing: "list my files". */
const THINGS =
  /(?<![\p{L}\p{N}])(?:(?:in|of|from|to|on|at|all) )?(?:my|meine[nrm]?|mes|mis|i miei|le mie|мои) (?:(?:own|new|last|latest|next|open|todo|to-do|to do|home|neuen|letzten|offenen) )?(?:files?|folders?|notes?|lists?|todos?|tasks?|to-?do(?: list)?|documents?|downloads?|desktop|workspace|clams?|jobs?|reminders?|calendar|schedule|inbox|mails?|emails?|ip(?: address)?|disk|memory|history|dateien|notizen|liste|aufgaben|dokumente|ordner|erinnerungen|fichiers|notes|tâches|documents|archivos|notas|tareas|documentos|file|note|файлы|заметки|задачи)(?![\p{L}\p{N}])/giu;

/** Miles and minutes look like words of some languages. */
const MEASURES = /\d+ ?(?:mi|min)(?![\p{L}\p{N}])/giu;

/** Beginnings of questions and of requests to be told something. */
const ASKING =
  /^(?:and |so |ok |please |hey |hi )*(?:what|who|whose|when|where|why|which|how|can|could|should|shall|do|does|did|is|are|am|was|were|will|would|may|might|have|has|was|wer|wie|wo|wann|warum|wieso|welche[rsn]?|kann|könnte|soll|darf|bin|habe|hast|ist|sind|quel(?:le)?s?|qui|que|quoi|comment|où|quand|pourquoi|combien|est-ce|qué|cuál(?:es)?|quién|cómo|dónde|cuándo|cuánto|qual(?:e|i)?|chi|che|cosa|come|dove|quando|perché|quanto|quem|como|onde|por que|hoe|wie|wat|waar|wanneer|hur|vad|var|när|hva|hvor|что|кто|как|где|когда|почему|какой|какая|какое|какие|сколько|чей|що|хто|де|коли|чому|який|яка|скільки)(?![\p{L}\p{N}])/iu;

/** The same in scripts without spaces, where questions end instead. */
const CJK_SELF =
  /我|咱|俺|私|僕|わたし|ぼく|うち|自分|记住|記住|忘|总是|總是|从现在|以后|いつも|今後|覚え|나는|나의|내가|내 |저는|저의|제가|제 |우리|항상|기억/u;
const CJK_ASKING = /[?？吗嗎呢]\s*$|(?:ですか|ますか|까)[?？。]?\s*$/u;

/** Scripts whose first-person words are in the lists above. */
const KNOWN =
  /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Common}\p{sc=Inherited}]*$/u;

/**
 * Whether somebody may be saying something lasting about themselves here, told by first-person
 * words in statements. Errs on the side of yes in scripts that it does not know: the price of a
 * wrong yes is one question to a cheap model, that of a wrong no is a fact that is not learnt.
 */
export function speaksOfSelf(text: string): boolean {
  const plain = text.normalize("NFKC");
  if (!KNOWN.test(plain)) return wordsOf(plain).length > 1;
  return clausesOf(plain).some(({ words, isQuestion }) =>
    !isQuestion && (CJK_SELF.test(words) || namesSelf(words))
  );
}

function namesSelf(clause: string): boolean {
  const words = wordsOf(clause.replace(/[’']/g, " ").replace(MEASURES, " ").replace(THINGS, " "));
  return words.length > 1 && (words.some((word) => SELF.has(word)) || callsMe(words));
}

/** "me" mostly receives something: "show me", "for me". "Call me Ada" and "people like me" do not. */
function callsMe(words: readonly string[]): boolean {
  const at = words.indexOf("me");
  const before = words[at - 1];
  return before !== undefined && (words.length > at + 1 || at > 1) && NAMING.has(before);
}

const NAMING = set(
  `call calls called name named makes made suits like bothers annoys interests address
  se te le lo que`,
);

interface Clause {
  readonly words: string;
  readonly isQuestion: boolean;
}

/** Statements and questions apart: "I'm Ada, what time is it?" is one of each. */
function clausesOf(text: string): Clause[] {
  return (text.match(/[^.!?;:,\n。！？；，、]+[.!?;:,\n。！？；，、]*/gu) ?? []).map((clause) => ({
    words: clause,
    isQuestion: ASKING.test(clause.trim()) || CJK_ASKING.test(clause),
  }));
}
