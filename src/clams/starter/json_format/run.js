// deno-lint-ignore-file
async function run({ json }) {
  const problem = problemOf(json);
  // No JSON ends with such a mark: it ends the sentence.
  const sentence = problem && json.replace(/[.!?…]+$/, "");
  if (sentence && !problemOf(sentence)) return { reply: indent(sentence), data: { valid: true } };
  if (problem) return { reply: `That is no valid JSON: ${problem}.`, data: { valid: false } };
  return { reply: indent(json), data: { valid: true } };
}

function problemOf(json) {
  try {
    JSON.parse(json);
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/** Only the white space changes: numbers, escapes and keys that stand twice stay as written. */
function indent(json) {
  let out = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g);
  tokens.forEach((token, at) => {
    const isEmpty = /[}\]]/.test(tokens[at + 1] ?? "");
    if (/^[{[]$/.test(token)) {
      depth++;
      out += token + (isEmpty ? "" : line());
    } else if (/^[}\]]$/.test(token)) {
      depth--;
      out += (/^[{[]$/.test(tokens[at - 1]) ? "" : line()) + token;
    } else if (token === ",") out += token + line();
    else out += token === ":" ? ": " : token;
  });
  return out;
}
