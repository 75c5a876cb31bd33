// deno-lint-ignore-file
async function run({ text, path }) {
  const { created } = await fs({ operation: "append", path, content: `${text}\n` });
  return {
    reply: created ? `I made ${path} with that line.` : `I added that line to ${path}.`,
    data: { path },
  };
}
