/**
 * The value of a header without the spaces and tabs around it, in a time that grows with its length.
 * Patterns that do this take a time that grows with the square of the blanks, those within `Headers`
 * too.
 */
export function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}
