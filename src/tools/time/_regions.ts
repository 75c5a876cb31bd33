import { PLACES } from "./places.ts";

/** States and provinces by the zone of most of their people. Lower case, without accents. */
const BY_ZONE: Readonly<Record<string, string>> = {
  "America/New_York":
    "connecticut,ct,delaware,de,district of columbia,dc,florida,fl,georgia,ga,maine,me," +
    "maryland,md,massachusetts,ma,new hampshire,nh,new jersey,nj,new york,ny,north carolina,nc," +
    "ohio,oh,pennsylvania,pa,rhode island,ri,south carolina,sc,vermont,vt,virginia,va," +
    "west virginia,wv",
  "America/Detroit": "michigan,mi",
  "America/Indiana/Indianapolis": "indiana,in",
  "America/Kentucky/Louisville": "kentucky,ky",
  "America/Chicago":
    "alabama,al,arkansas,ar,illinois,il,iowa,ia,kansas,ks,louisiana,la,minnesota,mn," +
    "mississippi,ms,missouri,mo,nebraska,ne,north dakota,nd,oklahoma,ok,south dakota,sd," +
    "tennessee,tn,texas,tx,wisconsin,wi",
  "America/Denver": "colorado,co,montana,mt,new mexico,nm,utah,ut,wyoming,wy",
  "America/Boise": "idaho,id",
  "America/Phoenix": "arizona,az",
  "America/Los_Angeles": "california,ca,nevada,nv,oregon,or,washington,wa",
  "America/Anchorage": "alaska,ak",
  "Pacific/Honolulu": "hawaii,hi",
  "America/Toronto": "ontario,on,quebec,qc",
  "America/Vancouver": "british columbia,bc",
  "America/Edmonton": "alberta,ab",
  "America/Winnipeg": "manitoba,mb",
  "America/Regina": "saskatchewan,sk",
  "America/Halifax": "nova scotia,ns",
  "America/St_Johns": "newfoundland and labrador,nl",
  "Australia/Sydney": "nsw",
  "Australia/Melbourne": "victoria,vic",
  "Australia/Brisbane": "qld",
  "Australia/Perth": "wa",
  "Australia/Adelaide": "sa",
  "Europe/Berlin": "bavaria,bayern,hesse,saxony",
  "Asia/Hong_Kong": "china",
  "Asia/Bangkok": "vietnam",
};

/** Further names of countries, by the code of their region. */
const COUNTRIES: Readonly<Record<string, string>> = {
  "usa": "us",
  "america": "us",
  "united states of america": "us",
  "turkey": "tr",
  "england": "gb",
  "great britain": "gb",
  "britain": "gb",
};

let countryCodes: ReadonlyMap<string, string> | undefined;

/** Codes of the countries by their code and their English name. */
function codesByName(): ReadonlyMap<string, string> {
  return countryCodes ??= new Map([...listCountries(), ...Object.entries(COUNTRIES)]);
}

function* listCountries(): Generator<[string, string]> {
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  for (const code of letters.flatMap((one) => letters.map((other) => one + other))) {
    const name = names.of(code.toUpperCase());
    if (name === undefined) continue;
    yield [code, code];
    yield [name.normalize("NFD").replace(/\p{M}/gu, "").replace(/’/g, "'").toLowerCase(), code];
  }
}

/** Whether a zone is one of a country, state or other place with this name in lower case. */
export function isZoneOf(zone: string, name: string): boolean {
  const stated = Object.entries(BY_ZONE)
    .flatMap(([one, names]) => names.split(",").includes(name) ? [one] : []);
  const code = codesByName().get(name);
  const known = [PLACES.get(name) ?? [], stated, code === undefined ? [] : zonesOfCountry(code)];
  return known.flat().some((one) => isSameZone(one, zone));
}

/** The zone of a country that has only one, by its English name in lower case. */
export function onlyZoneOf(name: string): string | undefined {
  if (name.length <= 2) return undefined; // codes are words too: "in", "to"
  const code = codesByName().get(name) ?? codesByName().get(name.replaceAll(" and ", " & "));
  const zones = code === undefined ? [] : zonesOfCountry(code);
  return zones.length === 1 ? zones[0] : undefined;
}

function zonesOfCountry(code: string): readonly string[] {
  const locale = new Intl.Locale(`und-${code.toUpperCase()}`) as Intl.Locale & {
    getTimeZones?(): string[] | undefined;
  };
  return locale.getTimeZones?.() ?? [];
}

/** A zone may have an older name too: Asia/Calcutta. */
function isSameZone(one: string, other: string): boolean {
  const at = Temporal.Instant.fromEpochMilliseconds(0);
  return at.toZonedDateTimeISO(one).equals(at.toZonedDateTimeISO(other));
}
