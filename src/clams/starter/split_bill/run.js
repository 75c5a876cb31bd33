// deno-lint-ignore-file
async function run({ amount, people, tip }) {
  const total = amount * (1 + tip / 100);
  const each = total / people;
  const added = tip === 0 ? "" : ` with a tip of ${tip}% (${total.toFixed(2)} in all)`;
  return {
    reply: `${amount} split between ${people}${added} is ${each.toFixed(2)} each.`,
    data: { each: Number(each.toFixed(2)), total: Number(total.toFixed(2)) },
  };
}
