// A second process that makes a path lead elsewhere, over and over: it swaps what stands at PATH
// with what stands at PATH.other, in a busy loop or with rests of up to REST milliseconds. What the
// other process made at PATH while nothing stood there is put aside, and the swapping goes on.

const [path = "", rest = "0"] = Deno.args;
const other = `${path}.other`;
const spare = `${path}.spare`;
const pause = new Int32Array(new SharedArrayBuffer(4));

console.log("ready");
for (let made = 0;;) {
  Deno.renameSync(path, spare);
  while (!takesPlace()) Deno.renameSync(path, `${path}.made-${made++}`);
  Deno.renameSync(spare, other);
  if (rest !== "0") Atomics.wait(pause, 0, 0, Math.random() * Number(rest));
}

function takesPlace(): boolean {
  try {
    Deno.renameSync(other, path);
    return true;
  } catch {
    return false;
  }
}
