/** Digits with signs between them that are read in two ways, or with a comma for the decimals. */
const UNCERTAIN = /^(?:[1-9]\d{0,2}(?:[.,'’]\d{3})+(?:[.,]\d+)?|\d+,\d+)$/;

/** The digits and signs of a piece that holds one number and no other: `$90,000`, `1.609km`. */
const ONE_NUMBER = /^[^\p{L}\p{N}]*(\d[\d.,'’]*)(?:\P{N}*)$/u;

/**
 * Whether a number, without its own sign, may mean two: `90.000` is ninety in one place and ninety
 * thousand in another, `1,5` is one and a half or two numbers. `0.125`, `12.5` and `1.2345` are not.
 */
export function isUncertainNumber(digits: string): boolean {
  return UNCERTAIN.test(digits);
}

/** Whether one of the pieces of a text between white space is such a number. */
export function holdsUncertainNumber(text: string): boolean {
  return text.split(/\s+/).some((piece) => {
    const digits = ONE_NUMBER.exec(piece)?.[1]?.replace(/[.,'’]+$/, "");
    return digits !== undefined && isUncertainNumber(digits);
  });
}

/** Whether a sum holds such a number, and no other that shows its dots to be those of decimals. */
export function isUncertainSum(sum: string): boolean {
  const numbers = sum.match(/\d[\d.]*/g) ?? [];
  const isDecimal = (digits: string) => /^\d+\.\d+$/.test(digits) && !isUncertainNumber(digits);
  return numbers.some(isUncertainNumber) && !numbers.some(isDecimal);
}
