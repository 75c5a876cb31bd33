import assert from "node:assert/strict";
import { openWorkspace } from "./workspace.ts";

// What another process does between the look and the making of a directory, at every step of it.

const never = new AbortController().signal;

/** Does something the n-th time that the work looks whether it is to stop, and then another. */
function swapAt(step: number, swap: () => void, putBack: () => void): AbortSignal {
  let count = 0;
  const signal = new AbortController().signal;
  signal.throwIfAborted = () => {
    if (++count === step) swap();
    if (count === step + 1) putBack();
  };
  return signal;
}

for (const name of ["d/new", "d/new/deep/f.txt"]) {
  Deno.test(`no directory stays outside, whenever the one above ${name} is a link for a moment (S12)`, async () => {
    let done = 0;
    for (let step = 1; step <= 14; step++) {
      const base = await Deno.realPath(await Deno.makeTempDir());
      const [root, outside] = [`${base}/root`, `${base}/outside`];
      try {
        for (const path of [`${root}/d`, outside]) await Deno.mkdir(path, { recursive: true });
        const workspace = openWorkspace(root);
        const place = await workspace.locate(`${root}/${name}`, never);
        const swap = () => {
          Deno.renameSync(`${root}/d`, `${root}/aside`);
          Deno.symlinkSync(outside, `${root}/d`);
        };
        const putBack = () => {
          Deno.removeSync(`${root}/d`);
          Deno.renameSync(`${root}/aside`, `${root}/d`);
        };
        const signal = swapAt(step, swap, putBack);
        const work = name.endsWith(".txt")
          ? workspace.replace(place, new TextEncoder().encode("x"), signal)
          : workspace.makeDirectory(place, signal);
        await work.then(() => done++, ({ code }) => assert.equal(code, "file_changed"));
        assert.deepEqual(await Array.fromAsync(Deno.readDir(outside)), [], `at step ${step}`);
      } finally {
        await Deno.remove(base, { recursive: true });
      }
    }
    assert.ok(done > 0, "no attempt was ever left alone");
  });
}
