// deno-lint-ignore-file
async function run({ task }) {
  const text = task.replace(/\s+/g, " ").trim();
  if (text === "") throw new Error("Say which task, such as: add buy milk to my to-do list");
  await fs({ operation: "append", path: "todo.md", content: `- [ ] ${text}\n` });
  return { reply: `On your to-do list: ${text}`, data: { task: text } };
}
