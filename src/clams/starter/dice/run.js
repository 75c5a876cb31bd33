// deno-lint-ignore-file
async function run({ count, sides }) {
  const rolls = Array.from({ length: count }, () => 1 + Math.floor(Math.random() * sides));
  const sum = rolls.reduce((all, roll) => all + roll, 0);
  return {
    reply: count === 1 ? `You rolled ${sum}.` : `You rolled ${rolls.join(", ")}: ${sum} in all.`,
    data: { rolls, sum },
  };
}
