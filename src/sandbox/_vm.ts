import { type JSValueHandle, MAX_STACK_SIZE, QuickJS, type WasiOptions } from "quickjs-wasi";
import { restoreVm, stateOf, type VmState } from "./_vm_state.ts";

/** What the engine asks of the world while it runs. */
export interface VmWorld {
  /** Polled while a program runs: `true` stops it for good. */
  mustStop(): boolean;
  /** Milliseconds since 1970, as the program sees them. */
  now(): number;
  /** Milliseconds since the start of the run, as the program sees them. */
  elapsed(): number;
  /** As `Date.prototype.getTimezoneOffset`. */
  timezoneOffset(): number;
}

/** A value inside the engine: an address. 0 is none. */
export type Value = number;

/**
 * One engine, in terms of addresses, texts and numbers. Every method enters WebAssembly; when one
 * throws, the engine is in no state to be used again.
 */
export interface Vm {
  limit(memoryBytes: number, stackBytes: number): void;
  /** Bytes that the engine's memory has grown to. It never shrinks. */
  size(): number;
  /** Evaluates a script in global scope; 0 when it cannot be compiled or throws. */
  evaluate(source: string, name: string): Value;
  /** Calls a function with `undefined` as `this`; 0 when it throws. */
  call(target: Value, ...args: readonly Value[]): Value;
  /** A property, looked up as script would. */
  get(object: Value, key: string): Value;
  /** Makes a text; 0 when there is no room. */
  text(text: string): Value;
  number(value: number): Value;
  undefined(): Value;
  free(value: Value): void;
  /** What was thrown where a method last gave 0. */
  thrown(): Value;
  /** Runs the next job in waiting. `none` when there is none, `threw` when it threw. */
  runJob(): "ran" | "threw" | "none";
  promiseState(promise: Value): "pending" | "fulfilled" | "rejected";
  promiseResult(promise: Value): Value;
  /** What the engine is at this moment, in no call. */
  state(): VmState;
  /**
   * A function of the host; 0 in a restored engine, where it answers the one that was made under
   * this name before. It gets texts, `undefined` in place of what is no text or has more
   * than `longest()` bytes, and gives a text, a number, bytes or nothing. What it throws arrives
   * without a word of the host's.
   */
  offer(
    name: string,
    longest: () => number,
    answer: (...texts: (string | undefined)[]) => string | number | Uint8Array | void,
  ): Value;
}

/** Thrown where a text found no room in the engine's memory. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}

/**
 * Builds an engine from the compiled module, fresh or as it was when it had this state: no files,
 * no modules, no clock but `world`'s.
 */
export async function createVm(
  engine: WebAssembly.Module,
  world: VmWorld,
  before?: VmState,
): Promise<Vm> {
  const options = {
    wasm: engine,
    wasi: closedSystem(world),
    interruptHandler: () => world.mustStop(),
    timezoneOffset: () => world.timezoneOffset(),
  };
  const vm = before === undefined
    ? await QuickJS.create(options)
    : await restoreVm(before, options);
  const wasm = vm._getExports();
  const lengthAt = wasm.wasm_malloc(4);
  let thrown: Value = wasm.qjs_get_undefined();
  let answered: JSValueHandle | undefined;

  const checked = (result: Value): Value => {
    if (wasm.qjs_is_exception(result) === 0) return result;
    thrown = wasm.qjs_get_exception();
    return 0;
  };
  const write = (text: string) => {
    try {
      return vm._writeString(text);
    } catch (error) {
      throw new NoRoomError("The engine has no room for a text", { cause: error });
    }
  };
  const read = (handle: JSValueHandle, longest: number): string | undefined => {
    if (!handle.isString) return undefined;
    const at = wasm.qjs_get_string_len(handle.ptr, lengthAt);
    if (at === 0) return undefined;
    const length = new DataView(wasm.memory.buffer).getUint32(lengthAt, true);
    const bytes = new Uint8Array(wasm.memory.buffer, at, Math.min(length, longest));
    const text = length > longest ? undefined : decoder.decode(bytes);
    wasm.qjs_free_cstring(at);
    return text;
  };
  const handleOf = (answer: string | number | Uint8Array | void): JSValueHandle => {
    if (answer === undefined) return vm.undefined;
    if (typeof answer === "string") return vm.newString(answer);
    return typeof answer === "number" ? vm.newNumber(answer) : vm.newUint8Array(answer);
  };

  return {
    limit(memoryBytes, stackBytes) {
      wasm.qjs_set_memory_limit(memoryBytes);
      wasm.qjs_set_max_stack_size(Math.min(stackBytes, MAX_STACK_SIZE));
    },
    size: () => wasm.memory.buffer.byteLength,
    evaluate(source, name) {
      const [code, file] = [write(source), write(name)];
      const result = checked(wasm.qjs_eval(code.ptr, code.len, file.ptr, 0));
      wasm.wasm_free(code.ptr);
      wasm.wasm_free(file.ptr);
      return result;
    },
    call(target, ...args) {
      const argv = wasm.wasm_malloc(4 * args.length + 4);
      if (argv === 0) throw new NoRoomError("The engine has no room for a call");
      const view = new DataView(wasm.memory.buffer);
      args.forEach((arg, i) => view.setUint32(argv + 4 * i, arg, true));
      const result = checked(wasm.qjs_call(target, vm.undefined.ptr, args.length, argv));
      wasm.wasm_free(argv);
      return result;
    },
    get(object, key) {
      const name = write(key);
      const result = checked(wasm.qjs_get_prop_string(object, name.ptr));
      wasm.wasm_free(name.ptr);
      return result;
    },
    text(text) {
      const words = write(text);
      const result = checked(wasm.qjs_new_string(words.ptr, words.len));
      wasm.wasm_free(words.ptr);
      return result;
    },
    number: (value) => wasm.qjs_new_number(value),
    undefined: () => wasm.qjs_get_undefined(),
    free: (value) => wasm.qjs_free_value(value),
    thrown: () => thrown,
    runJob() {
      if (wasm.qjs_is_job_pending() === 0) return "none";
      if (wasm.qjs_execute_pending_job() >= 0) return "ran";
      thrown = wasm.qjs_get_exception();
      return "threw";
    },
    promiseState: (promise) => STATES[wasm.qjs_promise_state(promise)] ?? "pending",
    promiseResult: (promise) => wasm.qjs_promise_result(promise),
    state: () => stateOf(vm, engine),
    offer(name, longest, answer) {
      const answering = (...handles: readonly JSValueHandle[]): JSValueHandle => {
        // the engine keeps a reference of its own to what the last call gave
        answered?.dispose();
        answered = undefined;
        try {
          answered = handleOf(answer(...handles.map((handle) => read(handle, longest()))));
          return answered;
        } catch {
          // a text, for an Error would carry its stack, and so the host's paths, inside
          throw "out of memory";
        }
      };
      if (before === undefined) return vm.newFunction(name, answering).ptr;
      vm.registerHostCallback(name, answering);
      return 0;
    },
  };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const STATES = ["pending", "fulfilled", "rejected"] as const;

/** The engine's system interface (WASI): the world's clock, no chance, no files. */
function closedSystem(world: VmWorld): WasiOptions {
  const [OK, BAD_FILE] = [0, 8];
  return (memory) => ({
    clock_time_get(clock: number, _precision: bigint, at: number) {
      const ms = BigInt(Math.round(clock === 0 ? world.now() : world.elapsed()));
      new DataView(memory.buffer).setBigUint64(at, ms * 1_000_000n, true);
      return OK;
    },
    random_get(at: number, length: number) {
      new Uint8Array(memory.buffer, at, length).fill(0);
      return OK;
    },
    fd_write: () => BAD_FILE,
    fd_close: () => BAD_FILE,
    fd_fdstat_get: () => BAD_FILE,
    fd_seek: () => BAD_FILE,
  });
}
