// deno-lint-ignore-file
const MOST = 20_000;

async function run({ path }) {
  const { content, truncated } = await fs({ operation: "read", path });
  if (content === "") return { reply: `${path} is empty.`, data: "" };
  const cut = truncated || content.length > MOST;
  return { reply: content.slice(0, MOST) + (cut ? "\n… (the file is longer)" : ""), data: content };
}
