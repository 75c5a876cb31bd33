// deno-lint-ignore-file
/** Kind, and how much of its base unit one unit is: exact by definition. */
const UNITS = {
  length: {
    mm: 0.001,
    cm: 0.01,
    dm: 0.1,
    m: 1,
    km: 1000,
    um: 1e-6,
    nm: 1e-9,
    in: 0.0254,
    ft: 0.3048,
    yd: 0.9144,
    mi: 1609.344,
    nmi: 1852,
    au: 149597870700,
    ly: 9460730472580800,
  },
  weight: {
    mg: 1e-6,
    g: 0.001,
    kg: 1,
    t: 1000,
    oz: 0.028349523125,
    lb: 0.45359237,
    st: 6.35029318,
  },
  volume: {
    ml: 0.001,
    cl: 0.01,
    dl: 0.1,
    l: 1,
    m3: 1000,
    cm3: 0.001,
    tsp: 0.00492892159375,
    tbsp: 0.01478676478125,
    floz: 0.0295735295625,
    cup: 0.2365882365,
    pt: 0.473176473,
    qt: 0.946352946,
    gal: 3.785411784,
  },
  area: {
    mm2: 1e-6,
    cm2: 1e-4,
    m2: 1,
    ha: 1e4,
    km2: 1e6,
    ft2: 0.09290304,
    acre: 4046.8564224,
    mi2: 2589988.110336,
  },
  speed: { "m/s": 1, "km/h": 1 / 3.6, mph: 0.44704, kn: 1852 / 3600 },
  time: { ms: 0.001, s: 1, min: 60, h: 3600, d: 86400, week: 604800 },
  data: {
    bit: 0.125,
    kbit: 125,
    mbit: 125e3,
    gbit: 125e6,
    tbit: 125e9,
    b: 1,
    kb: 1e3,
    mb: 1e6,
    gb: 1e9,
    tb: 1e12,
    kib: 1024,
    mib: 1024 ** 2,
    gib: 1024 ** 3,
    tib: 1024 ** 4,
  },
  energy: { j: 1, kj: 1000, cal: 4.184, kcal: 4184, wh: 3600, kwh: 3.6e6 },
  pressure: { pa: 1, hpa: 100, kpa: 1000, bar: 1e5, psi: 6894.757293168, atm: 101325 },
  temperature: { c: 1, f: 1, k: 1 },
};

const NAMES = {
  millimeter: "mm",
  millimetre: "mm",
  centimeter: "cm",
  centimetre: "cm",
  decimeter: "dm",
  meter: "m",
  metre: "m",
  kilometer: "km",
  kilometre: "km",
  inch: "in",
  inche: "in",
  foot: "ft",
  feet: "ft",
  yard: "yd",
  mile: "mi",
  lightyear: "ly",
  milligram: "mg",
  gram: "g",
  gramm: "g",
  kilogram: "kg",
  kilo: "kg",
  kgs: "kg",
  tonne: "t",
  ton: "t",
  ounce: "oz",
  pound: "lb",
  stone: "st",
  milliliter: "ml",
  millilitre: "ml",
  liter: "l",
  litre: "l",
  teaspoon: "tsp",
  tablespoon: "tbsp",
  pint: "pt",
  quart: "qt",
  gallon: "gal",
  hectare: "ha",
  sqm: "m2",
  "m²": "m2",
  "km²": "km2",
  "cm²": "cm2",
  sqft: "ft2",
  "m³": "m3",
  "cm³": "cm3",
  kmh: "km/h",
  kph: "km/h",
  knot: "kn",
  kt: "kn",
  millisecond: "ms",
  second: "s",
  sec: "s",
  minute: "min",
  hour: "h",
  hr: "h",
  day: "d",
  megabit: "mbit",
  gigabit: "gbit",
  byte: "b",
  kilobyte: "kb",
  megabyte: "mb",
  gigabyte: "gb",
  terabyte: "tb",
  joule: "j",
  calorie: "cal",
  kilocalorie: "kcal",
  pascal: "pa",
  celsius: "c",
  centigrade: "c",
  "°c": "c",
  fahrenheit: "f",
  "°f": "f",
  kelvin: "k",
};

async function run({ amount, from, to, quantity }) {
  const [value, source] = quantity === undefined ? [amount, from] : splitQuantity(quantity);
  const [one, other] = [findUnit(source), findUnit(to)];
  if (one.kind !== other.kind) {
    throw new Error(
      `${source} is a ${one.kind}, ${to} is a ${other.kind}: no conversion leads there.`,
    );
  }
  const result = one.kind === "temperature"
    ? fromKelvin(toKelvin(value, one.unit), other.unit)
    : value * UNITS[one.kind][one.unit] / UNITS[other.kind][other.unit];
  const note = [...new Set([noteOn(one.unit), noteOn(other.unit)])].join("");
  return {
    reply: `${value} ${label(source)} = ${show(result)} ${label(to)}${note}`,
    data: Number(show(result)),
  };
}

function splitQuantity(quantity) {
  const [, number, unit] = /^([-+−]?[0-9.]+)\s*(.+)$/.exec(quantity);
  return [Number(number.replace("−", "-")), unit];
}

/** Which of several measures of that name was taken. */
function noteOn(unit) {
  if (unit === "t") return " (a metric ton)";
  if (unit.endsWith("bit") && unit !== "bit") return " (bits, not bytes)";
  return ["tsp", "tbsp", "floz", "cup", "pt", "qt", "gal"].includes(unit) ? " (US measure)" : "";
}

/** With a small "b" these are bits: as written, for nothing else tells them apart. */
const BITS = { Mb: "mbit", Gb: "gbit", Tb: "tbit" };

function findUnit(name) {
  if (Object.hasOwn(BITS, name)) return { kind: "data", unit: BITS[name] };
  const plain = name.toLowerCase().replace(/\.$/, "");
  for (const candidate of [plain, plain.replace(/s$/, ""), plain.replace(/es$/, "")]) {
    const unit = Object.hasOwn(NAMES, candidate) ? NAMES[candidate] : candidate;
    const kind = Object.keys(UNITS).find((one) => Object.hasOwn(UNITS[one], unit));
    if (kind) return { kind, unit };
  }
  throw new Error(`I do not know the unit "${name}".`);
}

function toKelvin(value, unit) {
  if (unit === "c") return value + 273.15;
  return unit === "f" ? (value + 459.67) * 5 / 9 : value;
}

function fromKelvin(value, unit) {
  if (value < -1e-9) throw new Error("Nothing is colder than 0 K (-273.15 °C).");
  if (unit === "c") return value - 273.15;
  return unit === "f" ? value * 9 / 5 - 459.67 : value;
}

function label(name) {
  const { kind, unit } = findUnit(name);
  if (kind !== "temperature") return name;
  return unit === "k" ? "K" : `°${unit.toUpperCase()}`;
}

function show(value) {
  const rounded = Number(value.toPrecision(10));
  return Math.abs(rounded) >= 1e15
    ? rounded.toExponential(6)
    : String(Math.abs(rounded) < 1e-12 ? 0 : rounded);
}
