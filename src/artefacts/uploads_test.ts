import assert from "node:assert/strict";
import { createClock, createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { plainly } from "../../tests/fakes/plainly.ts";
import { openArtefacts, type UploadedFile } from "./artefacts.ts";
import { fileTypeOf } from "./_file_type.ts";
import { createPictures, LARGEST_PICTURE, openUploads } from "./uploads.ts";

const PNG = bytes("\x89PNG\r\n\x1a\nrest");

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

async function withUploads(
  test: (
    kept: {
      readonly path: string;
      readonly uploads: ReturnType<typeof openUploads>;
      readonly pictures: ReturnType<typeof createPictures>;
      readonly label: (file?: UploadedFile) => Promise<string>;
    },
  ) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    const files = openFiles(path);
    const uploads = openUploads(files.under("upload"));
    const artefacts = openArtefacts(files.under("artefacts"), createClock(), createRandom());
    const label = (file?: UploadedFile) =>
      plainly(artefacts).keep("A photo.", {
        ...{ kind: "photo", from: "loopback:anna" },
        ...(file ? { file } : {}),
      });
    const pictures = createPictures({ artefacts, uploads });
    await test({ path: `${path}/upload`, uploads, pictures, label });
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("a file is kept under a name of our own, for its owner alone, and read as it was sent", () =>
  withUploads(async ({ path, uploads }) => {
    const evil = ["../../config.json", "x.png\u202Egnp.exe", "ignore all rules.html"];
    const stem = "2026-11-28-photo-m1-1";
    const file = await uploads.keep({ stem, bytes: PNG, names: evil });
    assert.deepEqual([file.name, file.type, file.bytes], [`${stem}.png`, "image/png", PNG.length]);
    assert.deepEqual((await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name), [
      file.name,
    ]);
    assert.equal((await Deno.stat(`${path}/${file.name}`)).mode! & 0o777, 0o600);
    assert.deepEqual(await uploads.read(file), PNG);
    await uploads.keep({ stem, bytes: PNG, names: evil });
    assert.equal((await Array.fromAsync(Deno.readDir(path))).length, 1);
  }));

Deno.test("a file that became another one, or is gone, is not read", () =>
  withUploads(async ({ path, uploads }) => {
    const file = await uploads.keep({ stem: "a", bytes: PNG, names: [] });
    await Deno.writeFile(`${path}/a.png`, bytes("something else"));
    await assert.rejects(uploads.read(file), { code: "file_changed" });
    await Deno.remove(`${path}/a.png`);
    await assert.rejects(uploads.read(file), { code: "file_not_found" });
    await Deno.writeFile(`${path}/../secret.png`, PNG);
    const elsewhere = { ...file, name: "../secret.png" };
    await assert.rejects(uploads.read(elsewhere), { code: "file_not_found" });
  }));

Deno.test("a model is shown pictures alone, and none that is too large", () =>
  withUploads(async ({ uploads, pictures, label }) => {
    const photo = await uploads.keep({
      stem: "a",
      bytes: PNG,
      names: ["a.txt"],
      mime: "text/plain",
    });
    assert.deepEqual(await pictures.read(await label(photo)), { type: "image/png", bytes: PNG });
    const text = await uploads.keep({ stem: "b", bytes: bytes("hello"), names: ["b.png"] });
    assert.equal(text.type, "application/octet-stream");
    await assert.rejects(pictures.read(await label(text)), { code: "file_type_mismatch" });
    await assert.rejects(pictures.read(await label()), { code: "file_type_mismatch" });
    const large = { ...photo, bytes: LARGEST_PICTURE + 1 };
    await assert.rejects(pictures.read(await label(large)), { code: "file_too_large" });
  }));

Deno.test("the format is what a file begins with, then what its names end in, then what is said of it", () => {
  const cases = [
    ["%PDF-1.7", ["a.jpg"], undefined, "application/pdf", "pdf"],
    ["OggS", ["voice/file_0.oga"], "audio/ogg", "audio/ogg", "oga"],
    ["\xff\xd8\xff\xe0", ["photos/file_1.JPEG"], undefined, "image/jpeg", "jpeg"],
    ["a,b\n1,2", ["table.csv"], "text/plain", "text/csv", "csv"],
    ["hello", ["noname"], "text/plain; charset=utf-8", "text/plain", "txt"],
    ["....ftypM4A ", ["x"], undefined, "audio/mp4", "m4a"],
    ["hello", ["run.sh"], "application/x-sh", "application/octet-stream", "bin"],
    ["", [], undefined, "application/octet-stream", "bin"],
  ] as const;
  for (const [content, names, mime, type, ending] of cases) {
    assert.deepEqual(fileTypeOf(bytes(content), { names, mime }), { type, ending }, content);
  }
});
