// deno-lint-ignore-file
async function run({ text, style }) {
  const write =
    STYLES[style.toLowerCase().replace(/[^a-z]/g, "").replace(/(?:case|letters?)$/, "")];
  if (!write) {
    throw new Error(
      `I do not know the style "${style}". I know ${Object.keys(STYLES).join(", ")}.`,
    );
  }
  const changed = write(text);
  return { reply: changed, data: changed };
}

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
const words = (text) =>
  text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

const STYLES = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  title: (text) => text.toLowerCase().replace(/[\p{L}\p{M}\p{N}'’]+/gu, capital),
  sentence: (text) => capital(text.toLowerCase()),
  camel: (text) => words(text).map((word, i) => i === 0 ? word : capital(word)).join(""),
  pascal: (text) => words(text).map(capital).join(""),
  snake: (text) => words(text).join("_"),
  kebab: (text) => words(text).join("-"),
  constant: (text) => words(text).join("_").toUpperCase(),
};
