// deno-lint-ignore-file
async function run(inputs) {
  const { count, sides } = readShort(inputs);
  const rolls = Array.from({ length: count }, () => 1 + Math.floor(Math.random() * sides));
  const sum = rolls.reduce((all, roll) => all + roll, 0);
  return {
    reply: count === 1 ? `You rolled ${sum}.` : `You rolled ${rolls.join(", ")}: ${sum} in all.`,
    data: { rolls, sum },
  };
}

/** `3d20`: the sides stand in the name of the input, the count is its value. */
function readShort(inputs) {
  const [key, count] = Object.entries(inputs).find(([name]) => /^d\d+$/.test(name)) ?? [];
  return key === undefined ? inputs : { count, sides: Number(key.slice(1)) };
}
