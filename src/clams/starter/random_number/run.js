// deno-lint-ignore-file
async function run({ low, high }) {
  const [least, most] = low <= high ? [low, high] : [high, low];
  const number = least + Math.floor(Math.random() * (most - least + 1));
  return { reply: String(number), data: number };
}
