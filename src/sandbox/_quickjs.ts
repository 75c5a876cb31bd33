import { type JSValueHandle, MAX_STACK_SIZE, QuickJS, type WasiOptions } from "quickjs-wasi";
import { GUEST_TEXT } from "./_guest_text.ts";
import { GUEST_URL } from "./_guest_url.ts";
import { PRELUDE } from "./_prelude.ts";
import { SCRIPT_NAME } from "./_script.ts";

/** What the guest asks of the worker. All texts are bounded by `Guest`. */
export interface GuestHost {
  /** Takes a call; gives its number. Text too long to be read arrives as `undefined`. */
  call(tool: string, refused: string, args: string | undefined): number;
  print(line: string): void;
  /** Random bytes of this run. */
  entropy(length: number): Uint8Array;
  /** The parts of a URL, see `describeUrl`. */
  url(words: readonly (string | undefined)[]): string;
  /** Polled while the program runs: `true` stops it for good. */
  mustStop(): boolean;
  /** Milliseconds since 1970, as the program sees them. */
  now(): number;
  /** Milliseconds since the start of the run, as the program sees them. */
  elapsed(): number;
  /** As `Date.prototype.getTimezoneOffset`. */
  timezoneOffset(): number;
}

/** A program's final value or error, in the guest's own words; `undefined` = too long to be read. */
export interface Report {
  readonly what: string;
  readonly texts: readonly (string | undefined)[];
  /** The engine had grown to the size of its limit. */
  readonly isFull: boolean;
}

/** What a call into the engine came to. `broken`: an exception that nobody inside caught. */
export type Entry = "ok" | "broken";

/**
 * One QuickJS engine with the prelude in it. Every method enters WebAssembly, so it must run in a
 * slice; when one throws, the engine is in no state to be used again. Nothing here looks at an
 * object of the guest: only strings come out.
 */
export interface Guest {
  /** Sets the limits of the run; texts longer than `textBytes` are not read. */
  limit(memoryBytes: number, stackBytes: number, textBytes: number): void;
  /** Defines tools and arguments. */
  begin(order: string): Entry;
  /** Evaluates and starts a program that `wrapScript` made; `unreadable` is a syntax error. */
  start(script: string): Entry | "unreadable";
  /** Answers a call. `code` only for failures. */
  settle(id: number, text: string, code: string | undefined): Entry;
  /** Runs what waits to be run, until nothing does, the program has ended, or `mustStop`. */
  drain(): Entry;
  state(): "pending" | "fulfilled" | "rejected";
  /** Asks the guest to write down the value of the program. */
  finish(): Report;
  /** Asks the guest why the program, or the last entry, failed. */
  explain(): Report;
}

/** Bytes of the random pool that the prelude asks for. */
const ENTROPY_BYTES = 4096;
/** What reading and writing the last words of a program may need beyond its memory. */
const LAST_WORDS_BYTES = 16 * 1024 * 1024;

/** Builds an engine from the compiled module and evaluates the prelude in it. */
export async function createGuest(engine: WebAssembly.Module, host: GuestHost): Promise<Guest> {
  const vm = await QuickJS.create({
    wasm: engine,
    wasi: closedWorld(host),
    interruptHandler: () => host.mustStop(),
    timezoneOffset: () => host.timezoneOffset(),
  });
  const wasm = vm._getExports();
  const lengthAt = wasm.wasm_malloc(4);
  let longestText = 0;
  let memoryLimit = 0;
  let report: Omit<Report, "isFull"> = SILENCE;
  let promise = 0;
  let failure = wasm.qjs_get_undefined();

  /** A guest's string; `undefined` when it is none or has more bytes than allowed. */
  const read = (handle: JSValueHandle): string | undefined => {
    if (!handle.isString) return undefined;
    const at = wasm.qjs_get_string_len(handle.ptr, lengthAt);
    if (at === 0) return undefined;
    const length = new DataView(wasm.memory.buffer).getUint32(lengthAt, true);
    const text = length > longestText
      ? undefined
      : decoder.decode(new Uint8Array(wasm.memory.buffer, at, length));
    wasm.qjs_free_cstring(at);
    return text;
  };
  /** Keeps what a call gave; an exception becomes the failure to explain. */
  const settled = (result: number): number | undefined => {
    if (wasm.qjs_is_exception(result) === 0) return result;
    failure = wasm.qjs_get_exception();
    return undefined;
  };
  const enter = (target: number, ...args: number[]): number | undefined => {
    const argv = wasm.wasm_malloc(4 * args.length + 4);
    if (argv === 0) throw new Error(NO_MEMORY);
    const view = new DataView(wasm.memory.buffer);
    args.forEach((arg, i) => view.setUint32(argv + 4 * i, arg, true));
    const result = wasm.qjs_call(target, vm.undefined.ptr, args.length, argv);
    wasm.wasm_free(argv);
    return settled(result);
  };
  const ended = (result: number | undefined): Entry => {
    if (result === undefined) return "broken";
    wasm.qjs_free_value(result);
    return "ok";
  };
  const speak = (target: number, value: number): Report => {
    const isFull = wasm.memory.buffer.byteLength >= memoryLimit * NEARLY;
    wasm.qjs_set_memory_limit(memoryLimit + LAST_WORDS_BYTES);
    report = SILENCE;
    enter(target, value);
    return { ...report, isFull };
  };

  const bridge = vm.callFunction(
    vm.evalCode(PRELUDE, "prelude.js"),
    vm.undefined,
    vm.newFunction("call", (...[tool, refused, args]) => {
      const [name, why, text] = [tool, refused, args].map((one) => one && read(one));
      return vm.newNumber(host.call(name ?? "", why ?? "", text));
    }),
    vm.newFunction("print", (line) => {
      host.print(line && read(line) || "");
      return vm.undefined;
    }),
    vm.newFunction("report", (what, ...texts) => {
      report = { what: what && read(what) || "", texts: texts.map(read) };
      return vm.undefined;
    }),
    vm.newFunction("entropy", () => vm.newUint8Array(host.entropy(ENTROPY_BYTES))),
  );
  vm.callFunction(vm.evalCode(GUEST_TEXT, "prelude.js"), vm.undefined);
  vm.callFunction(
    vm.evalCode(GUEST_URL, "prelude.js"),
    vm.undefined,
    vm.newFunction("url", (...words) => vm.newString(host.url(words.map(read)))),
  );
  const target = (name: string) => bridge.getProp(name).ptr;
  const [begin, start, settle] = [target("begin"), target("start"), target("settle")];
  const [finish, explain] = [target("finish"), target("explain")];

  return {
    limit(memoryBytes, stackBytes, textBytes) {
      memoryLimit = memoryBytes;
      longestText = textBytes;
      wasm.qjs_set_memory_limit(memoryBytes);
      wasm.qjs_set_max_stack_size(Math.min(stackBytes, MAX_STACK_SIZE));
    },
    begin: (order) => ended(enter(begin, vm.newString(order).ptr)),
    start(script) {
      const code = vm._writeString(script);
      const name = vm._writeString(SCRIPT_NAME);
      const compiled = settled(wasm.qjs_eval(code.ptr, code.len, name.ptr, 0));
      wasm.wasm_free(code.ptr);
      if (compiled === undefined) return "unreadable";
      promise = enter(start, compiled) ?? 0;
      return promise === 0 ? "broken" : "ok";
    },
    settle(id, text, code) {
      const last = code === undefined ? vm.undefined : vm.newString(code);
      const [number, words] = [vm.newNumber(id), vm.newString(text)];
      const end = ended(enter(settle, number.ptr, words.ptr, last.ptr));
      words.dispose();
      return end;
    },
    drain() {
      const isPending = () => wasm.qjs_promise_state(promise) === 0;
      while (isPending() && wasm.qjs_is_job_pending() !== 0 && !host.mustStop()) {
        if (wasm.qjs_execute_pending_job() >= 0) continue;
        failure = wasm.qjs_get_exception();
        return "broken";
      }
      return "ok";
    },
    state: () => STATES[wasm.qjs_promise_state(promise)] ?? "pending",
    finish: () => speak(finish, wasm.qjs_promise_result(promise)),
    explain: () =>
      speak(
        explain,
        promise !== 0 && wasm.qjs_promise_state(promise) === 2
          ? wasm.qjs_promise_result(promise)
          : failure,
      ),
  };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const SILENCE = { what: "", texts: [] };
/** The part of its memory from which an engine counts as full. */
const NEARLY = 0.9;
const STATES = ["pending", "fulfilled", "rejected"] as const;

/** What the engine library says when a string finds no room in the guest. */
export const NO_MEMORY = "wasm_malloc failed";

/** The engine's system interface: the guest's clock and chance, and no outside at all. */
function closedWorld(host: GuestHost): WasiOptions {
  const [OK, BAD_FILE] = [0, 8];
  return (memory) => ({
    clock_time_get(clock: number, _precision: bigint, at: number) {
      const ms = clock === 0 ? host.now() : host.elapsed();
      new DataView(memory.buffer).setBigUint64(at, BigInt(Math.round(ms)) * 1_000_000n, true);
      return OK;
    },
    random_get(at: number, length: number) {
      new Uint8Array(memory.buffer, at, length).set(host.entropy(length));
      return OK;
    },
    fd_write: () => BAD_FILE,
    fd_close: () => BAD_FILE,
    fd_fdstat_get: () => BAD_FILE,
    fd_seek: () => BAD_FILE,
  });
}
