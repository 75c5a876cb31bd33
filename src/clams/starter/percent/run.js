// deno-lint-ignore-file
async function run({ percent, plus, minus, part, whole, before, after }) {
  if (before !== undefined && after !== undefined) return change(before, after);
  if (whole === undefined) {
    throw new Error("Say the percentage and of what, such as: what is 20% of 50");
  }
  if (part !== undefined) return share(part, whole);
  if (percent !== undefined) {
    return answer(`${percent}% of ${whole} is`, whole * percent / 100);
  }
  if (plus !== undefined) return answer(`${whole} plus ${plus}% is`, whole * (1 + plus / 100));
  if (minus !== undefined) return answer(`${whole} minus ${minus}% is`, whole * (1 - minus / 100));
  throw new Error("Say the percentage, such as: what is 20% of 50");
}

function share(part, whole) {
  if (whole === 0) throw new Error("Nothing is a percentage of 0.");
  return answer(`${part} of ${whole} is`, part / whole * 100, "%");
}

function change(before, after) {
  if (before === 0) throw new Error("A change from 0 has no percentage.");
  const value = (after - before) / Math.abs(before) * 100;
  return answer(`From ${before} to ${after} the change is`, value, "%");
}

function answer(beginning, value, unit = "") {
  const shown = String(Number(value.toPrecision(12)));
  return { reply: `${beginning} ${shown}${unit}.`, data: Number(shown) };
}
