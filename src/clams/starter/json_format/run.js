// deno-lint-ignore-file
async function run({ json }) {
  let value;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { reply: `That is no valid JSON: ${error.message}.`, data: { valid: false } };
  }
  return { reply: JSON.stringify(value, null, 2), data: { valid: true } };
}
