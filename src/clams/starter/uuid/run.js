// deno-lint-ignore-file
async function run({ count }) {
  const uuids = Array.from({ length: count }, () => crypto.randomUUID());
  return { reply: uuids.join("\n"), data: uuids };
}
