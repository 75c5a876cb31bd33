import type { ProviderQuestion, Reply } from "./_exchange.ts";
import { markAtStart } from "./_thought_marks.ts";
import { createThoughtFilter, withoutThoughts } from "./_thoughts.ts";
import { isRecord } from "./_told.ts";

/** Listens to one model, and learns how it tells its thoughts. */
export interface Listening {
  /** Asks, and takes thoughts out of the answer and of what is passed on as it arrives. */
  ask<T extends Reply>(
    question: ProviderQuestion,
    ask: (question: ProviderQuestion) => Promise<T>,
  ): Promise<T>;
}

/**
 * Thoughts whose beginning nothing marks look like an answer until the mark that ends them. A
 * server of one's own may send such, so the first answer of its models is passed on when it is
 * there as a whole; later ones as they arrive, unless that has happened.
 */
export function createListening(isOwnServer: boolean): Listening {
  let certain = !isOwnServer;
  let unopened = false;
  return {
    async ask(question, ask) {
      const voice = createVoice(question, unopened || !certain);
      const reply = await ask({ ...question, ...voice.hears });
      const sifted = sift(reply, question);
      // where nothing opens thoughts, an answer that was cut off before their end is only thoughts
      const onlyThought = unopened && reply.truncated && !sifted.unopened && !isObject(reply.text);
      const text = onlyThought ? "" : sifted.text;
      unopened ||= sifted.unopened;
      certain ||= question.schema === undefined && text !== "" && !sifted.unopened;
      voice.end(text);
      return { ...reply, text };
    },
  };
}

/** A text that is one object is an answer, whatever its strings speak of. */
function sift({ text }: Reply, { schema }: ProviderQuestion) {
  return schema && isObject(text) ? { text, unopened: false } : withoutThoughts(text);
}

function isObject(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false; // SyntaxError: it is prose, or there is prose around it
  }
}

interface Voice {
  /** What the exchange is given to call. */
  readonly hears: Pick<ProviderQuestion, "onText" | "onThought">;
  /** Passes on what has not been passed on yet of the answer. */
  end(answer: string): void;
}

/** Passes text on; with `waits` only once it is certain that it is no thought. */
function createVoice({ onText }: ProviderQuestion, waits: boolean): Voice {
  const filter = createThoughtFilter();
  let held = "";
  const say = (piece: string) => {
    if (piece !== "") onText?.(piece);
  };
  const goOn = () => {
    waits = false;
    say(filter.push(held));
  };
  const onPiece = (piece: string) => {
    if (!waits) return say(filter.push(piece));
    held += piece;
    if (markAtStart(held.trimStart().slice(0, 100))) goOn();
  };
  return {
    hears: {
      ...(onText ? { onText: onPiece } : {}),
      onThought: () => {
        if (waits) goOn();
      },
    },
    end: (answer) => say(waits ? answer : filter.end()),
  };
}
