/** Words that name a unit of measure, small; `s` and `es` may follow those of three letters or more. */
const UNITS: ReadonlySet<string> = new Set(
  (
    "mm cm dm m km um nm in ft yd mi nmi au ly mg g kg t oz lb st ml cl dl l m3 cm3 tsp tbsp floz cup " +
    "pt qt gal mm2 cm2 m2 ha km2 ft2 acre mi2 m/s km/h mph kn ms s min h d week bit kbit mbit gbit " +
    "tbit b kb mb gb tb kib mib gib tib j kj cal kcal wh kwh pa hpa kpa bar psi atm c f k millimeter " +
    "millimetre centimeter centimetre decimeter meter metre kilometer kilometre inch foot feet yard " +
    "mile lightyear milligram gram gramm kilogram kilo tonne ton ounce pound stone milliliter " +
    "millilitre liter litre teaspoon tablespoon pint quart gallon hectare sqm m² km² cm² sqft m³ cm³ " +
    "kmh kph knot kt millisecond second sec minute hour hr day byte kilobyte megabyte gigabyte " +
    "terabyte megabit gigabit joule calorie kilocalorie pascal celsius centigrade °c fahrenheit °f " +
    "kelvin"
  ).split(" "),
);

/** All names, for tests. */
export const UNIT_NAMES: readonly string[] = [...UNITS];

/** Whether a word names a unit of measure. */
export function isUnit(word: string): boolean {
  const plain = word.toLowerCase().replace(/\.$/, "");
  if (UNITS.has(plain)) return true;
  return plain.length > 3 && [/s$/, /es$/].some((ending) => UNITS.has(plain.replace(ending, "")));
}
