import { type Engine, unpackImage } from "./_image.ts";
import { SCRIPT_NAME } from "./_script.ts";
import type { Limits } from "./sandbox.ts";
import { createVm, type Value, type VmWorld } from "./_vm.ts";

/** What the guest asks of the worker. Texts too long to be read arrive as `undefined`. */
export interface GuestHost extends VmWorld {
  /** Takes a call; gives its number, 0 when the run is over. */
  call(tool: string, refused: string, args: string | undefined): number;
  print(line: string): void;
  /** Random bytes of this run. */
  entropy(length: number): Uint8Array;
  /** The parts of a URL, see `describeUrl`. */
  url(words: readonly (string | undefined)[]): string;
}

/** A program's final value or error, in the guest's own words. */
export interface Report {
  readonly what: string;
  readonly texts: readonly (string | undefined)[];
  /** The engine had grown to the size of its limit. */
  readonly isFull: boolean;
}

/** What a piece of work in the engine came to. `threw`: an exception that nobody inside caught. */
export type GuestEntry = "ok" | "threw" | "unreadable";

/**
 * One engine with the prelude in it, for one program. Every method enters WebAssembly, so it must
 * run in a slice; when one throws, the engine is in no state to be used again. Nothing here looks
 * at an object of the guest: only texts come out.
 */
export interface Guest {
  /** Serves the program that comes now. */
  serve(host: GuestHost, limits: Limits): void;
  /** Defines tools and arguments; `order` is what the prelude's `begin` takes, as JSON text. */
  begin(order: string): GuestEntry;
  /** Starts a program that `wrapScript` made; `unreadable` is a syntax error. */
  start(script: string): GuestEntry;
  /** Answers a call. `code` only for failures. */
  settle(id: number, text: string, code: string | undefined): GuestEntry;
  /** Runs what waits to be run, until nothing does, the program has ended, or `mustStop`. */
  drain(): GuestEntry;
  state(): "pending" | "fulfilled" | "rejected";
  /** Asks the guest to write down the value of the program. */
  finish(): Report;
  /** Asks the guest why the program, or the last piece of work, failed. */
  explain(): Report;
}

/** Bytes of the random pool that the prelude asks for. */
const ENTROPY_BYTES = 4096;
/** What writing down the last words of a program may need beyond its memory. */
const LAST_WORDS_BYTES = 16 * 1024 * 1024;
/** What a text may need beyond the limits of its contents. */
const TEXT_MARGIN = 4096;
/** The part of its memory from which an engine counts as full. */
const NEARLY = 0.9;

/** Builds an engine that stands as its image does: begun, with the prelude in it. */
export async function createGuest({ module, image }: Engine): Promise<Guest> {
  let host = NOBODY;
  let [memoryBytes, stackBytes, longest] = [0, 0, 0];
  let promise: Value = 0;
  let said: Omit<Report, "isFull"> = SILENCE;
  const { state, bridge } = unpackImage(image);
  const { begin, start, settle, finish, explain } = bridge;
  const vm = await createVm(module, {
    mustStop: () => host.mustStop(),
    now: () => host.now(),
    elapsed: () => host.elapsed(),
    timezoneOffset: () => host.timezoneOffset(),
  }, state);
  const offer = (name: string, answer: Parameters<typeof vm.offer>[2]) =>
    vm.offer(name, () => longest, answer);
  offer("call", (tool = "", refused = "", args) => host.call(tool, refused, args));
  offer("print", (line = "") => host.print(line));
  offer("report", (what = "", ...texts) => {
    said = { what, texts };
  });
  offer("entropy", () => host.entropy(ENTROPY_BYTES));
  offer("url", (...words) => host.url(words));

  const done = (...values: readonly Value[]): GuestEntry => {
    for (const value of values) if (value !== 0) vm.free(value);
    return values.includes(0) ? "threw" : "ok";
  };
  const ask = (target: Value, about: Value): Report => {
    const isFull = vm.size() >= memoryBytes * NEARLY;
    vm.limit(memoryBytes + LAST_WORDS_BYTES, stackBytes);
    said = SILENCE;
    vm.call(target, about);
    return { ...said, isFull };
  };
  return {
    serve(next, limits) {
      host = next;
      ({ memoryBytes, stackBytes } = limits);
      const { argumentBytes, outputBytes, consoleBytes } = limits;
      longest = Math.max(argumentBytes, outputBytes, consoleBytes) + TEXT_MARGIN;
      vm.limit(memoryBytes, stackBytes);
    },
    begin(order) {
      const text = vm.text(order);
      return text === 0 ? "threw" : done(vm.call(begin, text), text);
    },
    start(script) {
      const program = vm.evaluate(script, SCRIPT_NAME);
      if (program === 0) return "unreadable";
      promise = vm.call(start, program);
      return promise === 0 ? "threw" : "ok";
    },
    settle(id, text, code) {
      const words = vm.text(text);
      const reason = code === undefined ? vm.undefined() : vm.text(code);
      if (words === 0 || reason === 0) return "threw";
      const number = vm.number(id);
      return done(vm.call(settle, number, words, reason), number, words, reason);
    },
    drain() {
      while (vm.promiseState(promise) === "pending" && !host.mustStop()) {
        const job = vm.runJob();
        if (job !== "ran") return job === "none" ? "ok" : "threw";
      }
      return "ok";
    },
    state: () => vm.promiseState(promise),
    finish: () => ask(finish, vm.promiseResult(promise)),
    explain() {
      const isRejected = promise !== 0 && vm.promiseState(promise) === "rejected";
      return ask(explain, isRejected ? vm.promiseResult(promise) : vm.thrown());
    },
  };
}

const SILENCE = { what: "", texts: [] };

/** Whom an engine serves that has no program yet. */
const NOBODY: GuestHost = {
  call: () => 0,
  print: () => {},
  entropy: (length) => new Uint8Array(length),
  url: () => "",
  mustStop: () => false,
  now: () => 0,
  elapsed: () => 0,
  timezoneOffset: () => 0,
};
