import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import { atBorder } from "./_file_errors.ts";
import { openFiles } from "./files.ts";
import type { Files } from "./platform.ts";

async function inDirectory(test: (files: Files) => Promise<void>): Promise<void> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "clambot-files-" }));
  try {
    await test(openFiles(path));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(() => undefined, (error: unknown) => error);
  assert(error instanceof CodedError, `it threw ${error}`);
  return error.failure;
}

for (
  const [name, act] of [
    ["readText", (files) => files.readText("file/below")],
    ["readText of a directory", (files) => files.readText("directory")],
    ["readBytes", (files) => files.readBytes("directory", 1)],
    ["replace", (files) => files.replace("file/below", "x")],
    ["replace of a directory", (files) => files.replace("directory", "x")],
    ["append", (files) => files.append("directory", "x")],
    ["list", (files) => files.list("file")],
    ["stat", (files) => files.stat("file/below")],
    ["makeDirectory", (files) => files.makeDirectory("file/below")],
    ["move", (files) => files.move("nothing", "there")],
    ["restrict", (files) => files.restrict("nothing", 0o600)],
    ["locked", (files) => files.locked("file/below", () => Promise.resolve())],
  ] as readonly (readonly [string, (files: Files) => Promise<unknown>])[]
) {
  Deno.test(`what the system refuses of Files.${name}() is a coded error that names the file`, () =>
    inDirectory(async (files) => {
      await files.replace("file", "x");
      await files.makeDirectory("directory/inner");
      const { code, message } = await failureOf(act(files));
      assert.equal(code, "file_failed");
      assert.ok(message.includes(files.path), message);
      assert.doesNotMatch(message, /os error|at .*:\d+/);
    }));
}

Deno.test("a disk that takes nothing more is told as that", async () => {
  const cause = new Error("No space left on device (os error 28)");
  const failure = await failureOf(atBorder("write", "/home/x", () => Promise.reject(cause)));
  assert.equal(failure.code, "disk_full");
  assert.match(failure.message, /\/home\/x/);
});

Deno.test("a path that leads out is a mistake of the program, not of the disk", async () => {
  await assert.rejects(inDirectory((files) => files.stat("../x").then(() => {})), RangeError);
});

Deno.test("who waits for a lock leaves it at the signal; those behind get it in their order", () =>
  inDirectory(async (files) => {
    const order: string[] = [];
    const holding = Promise.withResolvers<void>();
    const held = files.locked("one", () => holding.promise);
    const stop = new AbortController();
    const left = files.locked("one", () => Promise.resolve(order.push("left")), stop.signal);
    const second = files.locked("one", () => Promise.resolve(order.push("second")));
    const third = files.locked("one", () => Promise.resolve(order.push("third")));
    stop.abort(new Error("stopped"));
    await assert.rejects(left, /stopped/);
    assert.deepEqual(order, []);
    holding.resolve();
    await Promise.all([held, second, third]);
    assert.deepEqual(order, ["second", "third"]);
  }));

Deno.test("who left the wait for a lock of another process does not keep it afterwards", () =>
  inDirectory(async (files) => {
    await files.makeDirectory();
    const other = await Deno.open(`${files.path}/one.lock`, { write: true, create: true });
    await other.lock(true);
    const stop = new AbortController();
    const left = files.locked("one", () => Promise.reject(new Error("ran")), stop.signal);
    stop.abort(new Error("stopped"));
    await assert.rejects(left, /stopped/);
    other.close();
    assert.equal(await files.locked("one", () => Promise.resolve("mine")), "mine");
  }));

Deno.test("a signal that is aborted already takes no lock", () =>
  inDirectory(async (files) => {
    const work = files.locked("one", () => Promise.resolve(), AbortSignal.abort(new Error("no")));
    await assert.rejects(work, /no/);
    assert.equal(await files.locked("one", () => Promise.resolve("mine")), "mine");
  }));
