// deno-lint-ignore-file
async function run({ text, path }) {
  const { created } = await fs({ operation: "write", path, content: `${text}\n` });
  return { reply: created ? `I made ${path}.` : `I wrote ${path} anew.`, data: { path } };
}
