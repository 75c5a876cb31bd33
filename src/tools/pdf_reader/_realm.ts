import vm from "node:vm";
import pdfjs from "unpdf/pdfjs" with { type: "text" };
import realm from "./realm.js" with { type: "text" };

/** How a step of reading ended. */
export type PdfStep<T> =
  | { readonly kind: "done"; readonly value: T }
  /** `name` of the error, as pdf.js calls it. */
  | { readonly kind: "failed"; readonly name: string; readonly why: string }
  /** It took more time or memory than a step may. */
  | { readonly kind: "too much" };

/** One document, being read. */
export interface PdfRealm {
  /** The number of pages, as the document says. */
  open(bytes: ArrayBuffer): Promise<PdfStep<number>>;
  /** Text of a page; one character more than `mostChars` says that there is more. */
  readPage(number: number, mostChars: number): Promise<PdfStep<string>>;
}

/** What one step may use. */
export interface StepLimits {
  /** Milliseconds. */
  readonly ms: number;
  /** Bytes of buffers that it makes, those too that it lets go again. */
  readonly bytes: number;
}

/**
 * Makes a realm of its own and loads pdf.js into it. A busy worker cannot be ended from outside, so
 * the time limit has to hold from inside: it does for what runs in a `node:vm` script and, by
 * `microtaskMode`, for all the promises of its realm.
 */
export function createPdfRealm(limits: StepLimits): PdfRealm {
  const context = vm.createContext({ ...BORROWED }, {
    microtaskMode: "afterEvaluate",
    codeGeneration: { strings: false, wasm: false },
  });
  const run = (code: string, timeout: number): unknown =>
    new vm.Script(code).runInContext(context, { timeout });
  run(realm, LOAD_MS);
  run(asScript(pdfjs), LOAD_MS);

  async function step<T>(work: string): Promise<PdfStep<T>> {
    let left = limits.ms;
    const end = performance.now() + limits.ms + LOAD_MS; // what it waits for may never come
    const timed = (code: string): unknown => {
      const start = performance.now();
      const value = run(code, Math.max(1, Math.ceil(left)));
      left -= performance.now() - start;
      return value;
    };
    try {
      timed(`begin(() => ${work}, ${limits.bytes})`);
      while (left > 0 && performance.now() < end) {
        const state = JSON.parse(String(timed("goOn()"))) as PdfStep<T> | { readonly kind: "busy" };
        if (state.kind === "failed" && state.name === "RangeError") return TOO_MUCH;
        if (state.kind !== "busy") return state;
        await turnOfLoop();
      }
    } catch {
      // the time limit, or a stack that overflowed on the way
    }
    return TOO_MUCH;
  }

  return {
    open(bytes) {
      Reflect.set(context, "bytes", bytes);
      return step("openPdf(bytes)");
    },
    readPage: (number, mostChars) => step(`readPage(${number}, ${mostChars})`),
  };
}

const TOO_MUCH = { kind: "too much" } as const;

/** Milliseconds for loading pdf.js itself. */
const LOAD_MS = 10_000;

/** What pdf.js needs of the web, and no realm has by itself. */
const BORROWED = {
  AbortController,
  AbortSignal,
  DOMException,
  ReadableStream,
  TextDecoder,
  TextEncoder,
  URL,
  console: { log() {}, info() {}, warn() {}, error() {} },
};

/** A module as a script: realms of `node:vm` take no modules here. */
function asScript(module: string): string {
  const at = module.lastIndexOf("export{");
  const name = /[{,](?:([\w$]+) as )?getDocument[,}]/.exec(module.slice(at));
  if (at < 0 || !name) throw new Error("This pdf.js does not export getDocument.");
  const body = module.slice(0, at).replaceAll("import.meta.url", '""')
    .replaceAll(/\bimport\(/g, "Promise.reject(");
  return `(() => { ${body}; globalThis.getDocument = ${name[1] ?? "getDocument"}; })()`;
}

const channel = new MessageChannel();

/** Lets what the runtime does for a realm, such as its streams, go on. */
function turnOfLoop(): Promise<void> {
  return new Promise((resolve) => {
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(null);
  });
}
