import assert from "node:assert/strict";
import { toMarkdown } from "./_markdown.ts";

const read = (html: string) => toMarkdown(html, "https://site.test/docs/page?x=1").markdown;

Deno.test("a page keeps its title, headings, emphasis, lists, tables, quotes and code", () => {
  const page = toMarkdown(
    `<!doctype html><html><head><title> A &amp; B
     &mdash; caf&eacute; </title><style>p{}</style></head><body>
     <h1>Top <i>of</i> it</h1><p>Some <b>bold</b> and <em>weak</em> <code>x=1</code></p>
     <h2>Lists</h2><ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>
     <ol start="3"><li>three</li><li>four</li></ol>
     <table><tr><th>Name</th><th>Price</th></tr><tr><td>Pear</td><td><p>1</p><p>eur</p></td></tr></table>
     <pre><code>if (a) {\n  b();\n}</code></pre><blockquote>Quoted<br>twice</blockquote><hr>end</body></html>`,
    "https://site.test/",
  );
  assert.equal(page.title, "A & B — café");
  assert.equal(
    page.markdown,
    `# Top *of* it

Some **bold** and *weak* \`x=1\`

## Lists

- one
- two
  - deep

 3. three
 4. four

| Name | Price |
| --- | --- |
| Pear | 1 eur |

\`\`\`
if (a) {
  b();
}
\`\`\`

> Quoted
> twice

---

end`,
  );
});

Deno.test("links are absolute, by the page's own base, and only http and https", () => {
  assert.equal(read('<a href="next">n</a>'), "[n](https://site.test/docs/next)");
  assert.equal(read('<a href="/a?b=1&amp;c#d">n</a>'), "[n](https://site.test/a?b=1&c#d)");
  assert.equal(read('<a href="//other.test/(x)">n</a>'), "[n](https://other.test/%28x%29)");
  assert.equal(
    read('<base href="https://cdn.test/v1/"><a href="x">n</a>'),
    "[n](https://cdn.test/v1/x)",
  );
  for (const href of ["#top", "", "javascript:alert(1)", "mailto:a@b.test", "data:text/html,x"]) {
    assert.equal(read(`<a href="${href}">n</a>`), "n", href);
  }
  assert.equal(read('<a href="/x"><img src="y" alt="z"></a>after'), "after");
});

Deno.test("what a person does not see is left out", () => {
  const hidden = [
    "<p hidden>HIDDEN</p>",
    '<p aria-hidden="true">HIDDEN</p>',
    '<p style="display:none">HIDDEN</p>',
    '<p style="color: red; DISPLAY : none !important">HIDDEN</p>',
    '<p style="visibility: hidden">HIDDEN</p>',
    '<p style="display:/**/none">HIDDEN</p>',
    '<p style="opacity:0">HIDDEN</p>',
    '<p style="opacity:0.0;color:red">HIDDEN</p>',
    '<p style="font-size:0px">HIDDEN</p>',
    '<a href="/x" style="display:none">HIDDEN</a>',
    '<h1 style="display:none">HIDDEN</h1>',
    '<div style="display:none"><div><h2>HIDDEN</h2></div></div>',
    "<script>HIDDEN</script>",
    "<style>HIDDEN</style>",
    "<noscript>HIDDEN</noscript>",
    "<template>HIDDEN</template>",
    "<!-- HIDDEN -->",
    "<svg><title>HIDDEN</title><text>HIDDEN</text></svg>",
    '<input value="HIDDEN"><textarea>HIDDEN</textarea><button>HIDDEN</button>',
    '<img alt="HIDDEN" src="x">',
    "<nav>HIDDEN</nav><aside>HIDDEN</aside><footer>HIDDEN</footer>",
    '<meta name="description" content="HIDDEN">',
  ];
  for (const html of hidden) {
    const page = toMarkdown(`<body><p>before</p>${html}<p>after</p></body>`, "https://site.test/");
    assert.equal(page.markdown, "before\n\nafter", html);
    assert.equal(page.title, "", html);
  }
});

Deno.test("a style that does not hide changes nothing", () => {
  assert.equal(read('<h2 style="opacity:0.5;font-size:0.9em">Seen</h2>'), "## Seen");
  assert.equal(read('<a style="color:red" href="/x">Seen</a>'), "[Seen](https://site.test/x)");
});

Deno.test("all entities are decoded (A147)", () => {
  assert.equal(
    read(
      "&lt;b&gt; &hellip; &#x1F600; &#8364; &nbsp;&AMP; &zzz; &CounterClockwiseContourIntegral;",
    ),
    "<b> … 😀 € \u00a0& &zzz; ∳",
  );
});

Deno.test("a fragment without head and body is read too", () => {
  const { title, markdown } = toMarkdown("<title>T</title><p>one<p>two", "https://site.test/");
  assert.deepEqual([title, markdown], ["T", "one\n\ntwo"]);
  assert.equal(read(""), "");
});

Deno.test("the tags of head and body may be left out, and text may follow them", () => {
  assert.equal(read("<!doctype html><head><title>T</title></head><p>one<p>two"), "one\n\ntwo");
  assert.equal(read("<html><body><p>one</body><p>two</html>"), "one\n\ntwo");
  assert.equal(read('<html style="opacity:0" hidden><body><p>one</html>'), "one");
});

Deno.test("a code block cannot be left by a fence inside it", () => {
  assert.equal(read("<pre>```\nx\n```</pre>"), "````\n```\nx\n```\n````");
  assert.equal(read(`<pre>${"` ".repeat(150_000)}</pre>`).slice(0, 8), "```\n` ` ");
});

Deno.test("a page that is too long is cut and says so", () => {
  const page = toMarkdown("<p>word </p>".repeat(100_000), "https://site.test/");
  assert.equal(page.truncated, true);
  assert.equal(toMarkdown("<p>word</p>", "https://site.test/").truncated, false);
});

Deno.test("a page that is too wide or too deep is cut and says so, without a mark in its text", () => {
  const cut = [
    `<p>a</p>${"<p>word</p>".repeat(25_000)}`,
    `<p>a</p><table>${"<tr><td>word</td></tr>".repeat(25_000)}</table>`,
    `<p>a</p>${"<div>".repeat(200)}<h1>word</h1>`,
    `<p>a</p>${"<pre>".repeat(200)}word`,
  ];
  for (const html of cut) {
    const { markdown, truncated } = toMarkdown(html, "https://site.test/");
    assert.equal(truncated, true, html.slice(0, 40));
    assert.ok(markdown.isWellFormed() && /^a\n/.test(`${markdown}\n`) && !markdown.includes("..."));
  }
  const { markdown, truncated } = toMarkdown("<p>a... &#xdfff;&#xdfff;</p>", "https://site.test/");
  assert.deepEqual([markdown, truncated], ["a... \ufffd\ufffd", false]);
});
