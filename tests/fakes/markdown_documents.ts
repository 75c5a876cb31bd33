// Documents in Markdown by a seed: everything that models write, and what breaks those who show it.

/** A document, and the words that a person must find in it, in whatever form. */
export interface MarkdownDocument {
  readonly source: string;
  readonly words: readonly string[];
}

/** The same seed gives the same document; one of 25 takes several messages, one of 250 many. */
export function markdownDocument(seed: number): MarkdownDocument {
  const [isLong, isHuge] = [seed % 25 === 24, seed % 250 === 249];
  return new Scribe(seed).document(isHuge ? 100_000 : isLong ? 9_000 : 100 + (seed % 12) * 150);
}

const SIGNS = "`~!@#$%^&*()_-+={}[]|\\:;\"'<>,.?/";
const STRANGE = [
  ...[
    "這是一段很長的中文文字",
    "日本語のテキスト",
    "한국어 문장입니다",
    "שלום עולם",
    "مرحبا بالعالم",
    "می‌خواهم",
  ],
  ...["👨‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇩🇪🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301\u0302", "😀😀😀", "1️⃣"],
  ...[
    "snake_case_name",
    "/etc/my_conf",
    "2*3*4 = 24",
    "f(x)=2",
    "#1 > 0.5!",
    "{ok}",
    "a-b",
    "~ + [x]",
  ],
  ...[
    "<b>bold</b>",
    "<tg-button>x</tg-button>",
    "&amp; &lt;",
    "C:\\Users\\name",
    "50 % || 3",
    "@somebody",
  ],
  ...["\ud83d", "a\udc00b", "\u202egnp.exe", "\u200b", "x\u0007y", "a\u00a0b", "\t", "\u2028"],
];
const ADDRESSES = [
  ...[
    "https://example.com/a?b=c&d=e",
    "http://e.example/a_(b)\\\\c",
    "https://user:pass@evil.example/",
  ],
  ...["javascript:alert(1)", "tg://user?id=1", "mailto:a@b.example", "http://localhost/x"],
  ...["https://good.example\\\\@evil.example/", "https://bücher.example/ä", "ftp://x.example"],
];

class Scribe {
  #state: number;
  #count = 0;
  readonly #words: string[] = [];

  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 >>> 0;
  }

  document(length: number): MarkdownDocument {
    let source = "";
    while (source.length < length) source += `${this.#block(0)}\n\n`;
    return { source, words: this.#words };
  }

  #number(below: number): number {
    this.#state = Math.imul(this.#state ^ this.#state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 >>> 0;
    return ((this.#state ^ this.#state >>> 13) >>> 0) % below;
  }

  #oneOf<T>(all: readonly T[]): T {
    return all[this.#number(all.length)]!;
  }

  #word(): string {
    const word = `w${this.#count++}q`;
    this.#words.push(word);
    return word;
  }

  #block(depth: number): string {
    const most = depth > 2 ? 4 : 12;
    switch (this.#number(most)) {
      case 0:
        return `${"#".repeat(1 + this.#number(6))} ${this.#line(4)}`;
      case 1:
        return this.#fence();
      case 2:
        return "---";
      case 3:
        return this.#paragraph();
      case 4:
        return this.#under("> ", "> ", depth);
      case 5:
        return this.#list("- ", depth);
      case 6:
        return this.#list("7. ", depth);
      case 7:
        return this.#list(this.#number(2) ? "- [ ] " : "* [x] ", depth);
      case 8:
        return this.#table();
      case 9:
        return `    ${this.#signs(20)}\n    ${this.#word()}`;
      case 10:
        return `![${this.#word()}](${this.#oneOf(ADDRESSES)})`;
      default:
        return this.#paragraph();
    }
  }

  #paragraph(): string {
    return Array.from({ length: 1 + this.#number(4) }, () => this.#line(12)).join("\n");
  }

  #line(most: number): string {
    return Array.from({ length: 1 + this.#number(most) }, () => this.#inline(0)).join(" ");
  }

  #inline(depth: number): string {
    const inner = () => depth > 2 ? this.#word() : `${this.#inline(depth + 1)} ${this.#word()}`;
    switch (this.#number(15)) {
      case 0:
        return `**${inner()}**`;
      case 1:
        return `*${inner()}*`;
      case 2:
        return `_${inner()}_`;
      case 3:
        // three of them would begin lines of a program, and what follows would be its language
        return `~~${inner()}~~`.replace(/^~~~+/, "~~");
      case 4:
        return `\`${this.#word()}\``;
      case 5:
        return `\`\` ${this.#signs(6)} \` \`\``;
      case 6:
        return `[${inner()}](${this.#oneOf(ADDRESSES)})`;
      case 7:
        return `_${this.#word()} __${this.#word()}___`;
      case 8:
      case 9:
        return this.#oneOf(STRANGE);
      case 10:
        return this.#signs(4);
      default:
        return this.#word();
    }
  }

  #signs(most: number): string {
    return Array.from({ length: 1 + this.#number(most) }, () => this.#oneOf([...SIGNS])).join("");
  }

  #fence(): string {
    const lines = Array.from({ length: this.#number(30) }, () => {
      const blank = " ".repeat(this.#number(5));
      return `${blank}${this.#word()} ${this.#signs(10).replaceAll("`", "'")}${
        this.#oneOf(STRANGE)
      }`;
    });
    if (this.#number(8) === 0) lines.push(`${this.#word()}${"A".repeat(5_000)}`);
    return `~~~~${this.#oneOf(["", "js", "c++", "x y", "\\`"])}\n${lines.join("\n")}\n~~~~`;
  }

  #table(): string {
    const columns = 1 + this.#number(this.#number(5) === 0 ? 21 : 5);
    const row = () =>
      `| ${
        Array.from({ length: columns }, () => this.#inline(2).replaceAll("|", "\\|")).join(" | ")
      } |`;
    const rule = `|${":--|".repeat(columns)}`;
    return [row(), rule, ...Array.from({ length: this.#number(6) }, row)].join("\n")
      .replace(/\u2028|\t/g, " ");
  }

  #list(sign: string, depth: number): string {
    const isLoose = this.#number(3) === 0;
    return Array.from(
      { length: 1 + this.#number(5) },
      () => this.#under(sign, " ".repeat(/^\S+ /.exec(sign)?.[0].length ?? 2), depth),
    ).join(isLoose ? "\n\n" : "\n");
  }

  #under(first: string, other: string, depth: number): string {
    const inner = this.#number(3) === 0
      ? `${this.#line(4)}\n${other.trim() === "" ? "" : "\n"}${this.#block(depth + 1)}`
      : this.#line(6);
    return inner.split("\n").map((line, at) => `${at === 0 ? first : other}${line}`).join("\n");
  }
}
