/** What stands in the line for a line end of pasted text. */
export const LINE_END = "⏎";

/** The one line that is edited. */
export interface Line {
  /** Takes keys as the terminal sends them. */
  keys(text: string): void;
}

/** Lets pasted text into a line of a person's, as text alone. */
export interface Bursts {
  /** What the terminal said was pasted; nothing of it is an Enter. */
  paste(text: string): void;
  /** Keys. Several lines that come in one burst were pasted, at a terminal that does not say so. */
  keys(text: string): void;
  /** To be called all the time. */
  beat(): void;
}

/** Line ends within a burst are kept as signs; only one at its end is an Enter. */
export function createBursts(line: Line): Bursts {
  let held = "";
  let isQuiet = true;
  const paste = (text: string) => line.keys(inOneLine(text));
  const end = (burst: string) => {
    if (burst.includes(CTRL_C)) return line.keys(CTRL_C);
    const [enter = ""] = /(?:\r\n?|\n)$/.exec(burst) ?? [];
    const body = burst.slice(0, burst.length - enter.length);
    if (/[\r\n]/.test(body)) paste(body);
    else line.keys(body);
    if (enter !== "") line.keys("\r");
  };
  return {
    paste,
    keys(text) {
      isQuiet = false;
      const isEnter = /^(?:\r\n?|\n)$/.test(text);
      if (held !== "" || !isEnter && /[\r\n]/.test(text)) held += text;
      else line.keys(text);
    },
    beat() {
      if (isQuiet && held !== "") {
        const burst = held;
        held = "";
        end(burst);
      }
      isQuiet = true;
    },
  };
}

const CTRL_C = "\x03";

/** Without anything that the terminal or the line editor would act on. */
function inOneLine(text: string): string {
  return text.replace(SEQUENCES, "").replace(/\r\n?/g, "\n").replace(CONTROLS, "")
    .replace(/\n+$/, "").replaceAll("\t", "  ").replaceAll("\n", LINE_END);
}

// deno-lint-ignore no-control-regex
const SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
