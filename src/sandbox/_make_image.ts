import prelude from "./guest/prelude.js" with { type: "text" };
import guestText from "./guest/text.js" with { type: "text" };
import guestUrl from "./guest/url.js" with { type: "text" };
import { packImage } from "./_image.ts";
import { createVm, type Value } from "./_vm.ts";

/**
 * Builds an engine from the compiled module, evaluates the prelude in it and keeps its memory. No
 * program, no input, no chance and no time comes near it, so equal modules give equal images.
 */
export async function makeImage(module: WebAssembly.Module): Promise<Uint8Array<ArrayBuffer>> {
  const vm = await createVm(module, {
    mustStop: () => false,
    now: () => 0,
    elapsed: () => 0,
    timezoneOffset: () => 0,
  });
  const offer = (name: string) => vm.offer(name, () => 0, () => {});
  const evaluate = (source: string, ...args: readonly Value[]): Value => {
    const code = vm.evaluate(source, "prelude.js");
    const made = code === 0 ? 0 : vm.call(code, ...args);
    if (made === 0) throw new Error("The prelude cannot be evaluated in this engine");
    return made;
  };
  const all = ["call", "print", "report", "entropy"].map(offer);
  const bridge = evaluate(prelude, ...all);
  evaluate(guestText);
  evaluate(guestUrl, offer("url"));
  const place = (name: string) => vm.get(bridge, name);
  const [begin, start, settle] = [place("begin"), place("start"), place("settle")];
  const [finish, explain] = [place("finish"), place("explain")];
  return packImage({ state: vm.state(), bridge: { begin, start, settle, finish, explain } });
}
