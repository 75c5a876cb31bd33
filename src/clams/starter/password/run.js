// deno-lint-ignore-file
const LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const SIGNS = "!#$%&*+-./:=?@_";

async function run({ length, signs }) {
  const kinds = ["abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"];
  if (signs) kinds.push(SIGNS);
  const alphabet = LETTERS + (signs ? SIGNS : "");
  for (;;) {
    const password = Array.from({ length }, () => alphabet[draw(alphabet.length)]).join("");
    // a password without one of the kinds is thrown away whole, so that all others stay equally likely
    if (kinds.every((kind) => [...kind].some((letter) => password.includes(letter)))) {
      return { reply: password, data: password };
    }
  }
}

/** Evenly from 0 to below `limit`, which is below 256. */
function draw(limit) {
  const [byte] = crypto.getRandomValues(new Uint8Array(1));
  return byte < 256 - 256 % limit ? byte % limit : draw(limit);
}
