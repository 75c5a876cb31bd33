// deno-lint-ignore-file
async function run({ url }) {
  const { title, status, final_url } = await web_fetch({ url, max_chars: 1 });
  if (status >= 400) throw new Error(`${url} answers with the status ${status}.`);
  const shown = title.trim();
  return {
    reply: shown === "" ? `${url} has no title.` : shown,
    data: { title: shown, url: final_url },
  };
}
