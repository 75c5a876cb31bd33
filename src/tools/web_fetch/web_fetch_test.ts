import assert from "node:assert/strict";
import { callTool, openWorld } from "../../../tests/fakes/outward_world.ts";
import { createPageReader } from "./_page.ts";
import { createWebFetchTool } from "./web_fetch.ts";
import { CALLER } from "../../../tests/fakes/alone.ts";
import { createTestWorkers } from "../../../tests/fakes/workers.ts";

/** Serves one body and reads it with the tool. */
async function fetchOne(
  body: BodyInit,
  headers: Record<string, string>,
  args: Record<string, number> = {},
  status = 200,
) {
  await using world = await openWorld({ serve: () => new Response(body, { status, headers }) });
  const tool = createWebFetchTool(world.publicFetch, createTestWorkers());
  return await callTool(tool, { url: "http://site.test/a?b=c#d", ...args }) as Record<
    string,
    unknown
  >;
}

Deno.test("web_fetch returns a page as Markdown with everything around it (A147)", async () => {
  const html = '<title>Hi</title><h1>Top</h1><p><a href="x">link</a> &eacute;</p>';
  const result = await fetchOne(html, { "content-type": "text/html; charset=utf-8" });
  assert.deepEqual(result, {
    url: "http://site.test/a?b=c",
    final_url: "http://site.test/a?b=c",
    status: 200,
    title: "Hi",
    content: "# Top\n\n[link](http://site.test/x) é",
    content_type: "text/html; charset=utf-8",
    truncated: false,
    length: 35,
  });
});

Deno.test("web_fetch indents JSON and leaves other text as it is (A147)", async () => {
  const json = await fetchOne('{"b":[1,2],"a":"ü"}', { "content-type": "application/json" });
  assert.equal(json["content"], '{\n  "b": [\n    1,\n    2\n  ],\n  "a": "ü"\n}');
  const broken = await fetchOne('{"b":', { "content-type": "application/problem+json" });
  assert.equal(broken["content"], '{"b":');
  const exact = await fetchOne("[12345678901234567890, 1.0]", { "content-type": "text/json" });
  assert.equal(exact["content"], "[\n  12345678901234567890,\n  1.0\n]");
  const text = await fetchOne("<b>a\r\n b</b>", { "content-type": "text/plain" });
  assert.equal(text["content"], "<b>a\r\n b</b>");
});

Deno.test("web_fetch reads the charset of the header, the mark or the page", async () => {
  const latin = new Uint8Array([0x63, 0x61, 0x66, 0xe9]);
  const page = new Uint8Array([
    ...new TextEncoder().encode('<meta charset="windows-1252"><p>'),
    ...latin,
  ]);
  const plain = await fetchOne(latin, { "content-type": "text/plain; charset=ISO-8859-1" });
  assert.equal(plain["content"], "café");
  assert.equal((await fetchOne(page, { "content-type": "text/html" }))["content"], "café");
  const wide = new Uint8Array([0xff, 0xfe, 0x68, 0, 0x69, 0]);
  assert.equal((await fetchOne(wide, { "content-type": "text/plain" }))["content"], "hi");
});

Deno.test("web_fetch believes what a page declares of its charset, and no other text", async () => {
  const read = async (text: string, type: string) =>
    (await fetchOne(text, { "content-type": type }))["content"];
  const meta = '<meta charset="iso-8859-1">';
  for (const type of ["text/plain", "application/json", "text/plain; charset=nobody"]) {
    assert.equal(await read(`${meta} é`, type), `${meta} é`);
  }
  assert.equal(await read('<meta charset="utf-16"><p>é', "text/html"), "é");
  assert.equal(await read('<meta charset="unicode"><p>é', "text/html; charset=nobody"), "é");
  const feed = `<?xml version="1.0" encoding="UTF-8"?><a><![CDATA[${meta}]]>é</a>`;
  assert.equal(await read(feed, "application/rss+xml"), feed);
});

Deno.test("web_fetch cuts at max_chars, never inside a character, and tells the whole length (A147)", async () => {
  const result = await fetchOne("ab😀cd", { "content-type": "text/plain" }, { max_chars: 3 });
  assert.deepEqual([result["content"], result["truncated"], result["length"]], ["ab", true, 6]);
});

Deno.test("web_fetch returns an error page as a result", async () => {
  const result = await fetchOne("<h1>Gone</h1>", { "content-type": "text/html" }, {}, 410);
  assert.deepEqual([result["status"], result["content"]], [410, "# Gone"]);
});

Deno.test("web_fetch reports what is no text by type and size", async () => {
  const bytes = new Uint8Array([0x89, 0x50, 0, 1, 2]);
  const image = await fetchOne(bytes, { "content-type": "image/png" });
  assert.deepEqual([image["content"], image["binary"]], ["", { type: "image/png", bytes: 5 }]);
  const lie = await fetchOne(bytes, { "content-type": "text/plain" });
  assert.deepEqual(lie["binary"], { type: "text/plain", bytes: 5 });
});

Deno.test("web_fetch shows the address in the form that will be asked", async () => {
  await using world = await openWorld();
  const prepared = await createWebFetchTool(world.publicFetch, createTestWorkers()).prepare(
    { url: "HTTPS://bücher.test:443/ä?q=ö#x" },
    CALLER,
    new AbortController().signal,
  );
  const url = "https://xn--bcher-kva.test/%C3%A4?q=%C3%B6";
  assert.deepEqual(prepared.args, { url, max_chars: 50_000 });
  assert.deepEqual(prepared.resource, { kind: "url", method: "GET", url });
  assert.deepEqual(prepared.preview.fields, [
    { name: "url", value: url },
    { name: "host", value: "xn--bcher-kva.test" },
  ]);
  assert.equal(prepared.effect, "outward");
});

Deno.test("web_fetch names the argument that is wrong", async () => {
  await using world = await openWorld();
  const tool = createWebFetchTool(world.publicFetch, createTestWorkers());
  const wrong: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{}, /argument "url"/],
    [{ url: 5 }, /argument "url"/],
    [{ url: "example.com" }, /"example.com" is no complete web address/],
    [{ url: "http://site.test/", max_chars: 0 }, /argument "max_chars"/],
    [{ url: "http://site.test/", max: 1 }, /no argument "max"/],
  ];
  for (const [args, message] of wrong) {
    await assert.rejects(callTool(tool, args as never), {
      code: "tool_arguments_invalid",
      message,
    });
  }
});

Deno.test("a page made to take for ever is given up, and the program goes on", async () => {
  const givenUp: number[] = [];
  await Promise.all([1500, 150].map(async (limitMs) => {
    const reader = createPageReader(createTestWorkers(), limitMs);
    await assert.rejects(reader("<div>".repeat(200_000), "http://site.test/", never()), {
      code: "tool_failed",
      message: /cannot be read as text/,
    });
    givenUp.push(limitMs);
  }));
  assert.deepEqual(givenUp, [150, 1500]);
  const reader = createPageReader(createTestWorkers(), 150);
  assert.equal((await reader("<p>next</p>", "http://site.test/", never())).markdown, "next");
});

Deno.test("reading a page ends with its signal", async () => {
  const abort = new AbortController();
  const reading = createPageReader(createTestWorkers())(
    "<p>x</p>",
    "http://site.test/",
    abort.signal,
  );
  abort.abort();
  await assert.rejects(reading, { name: "AbortError" });
});

function never(): AbortSignal {
  return new AbortController().signal;
}
